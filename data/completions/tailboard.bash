# bash completion for tailboard

_tailboard()
{
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
	local command words
	local shared="--since --until --window --tz --format --slow --memory --threads --config --help"

	if ((COMP_CWORD > 1)); then
		command=${COMP_WORDS[1]}
	fi
	case $prev in
	--keys|--config|--theme|--tz)
		mapfile -t COMPREPLY < <(_tailboard_value "$prev" "$cur")
		return ;;
	--output)
		words="text json"
		[[ $command == search ]] && words="text raw json csv"
		mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
		return ;;
	--by)
		mapfile -t COMPREPLY < <(compgen -W "minute" -- "$cur")
		return ;;
	--level)
		mapfile -t COMPREPLY < <(compgen -W "TRACE DEBUG INFO WARNING ERROR CRITICAL" -- "$cur")
		return ;;
	--since|--until|--window|--format|--slow|--memory|--threads|--module|--user|--request|-q|\
	--limit|--page|--page-size)
		return ;;
	esac
	case $command in
	report) words="$shared --output --by" ;;
	search) words="$shared -q --level --module --user --request --limit --page --page-size --output --count" ;;
	explain) words="--config --help" ;;
	*) words="$shared --theme --keys --no-color --ascii --no-mouse --tail --version" ;;
	esac
	if [[ $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
		return
	fi
	mapfile -t COMPREPLY < <(
		((COMP_CWORD == 1)) && compgen -W "report search explain demo" -- "$cur"
		compgen -f -- "$cur")
	compopt -o filenames
}

_tailboard_value()
{
	case $1 in
	--tz) (cd /usr/share/zoneinfo 2>/dev/null && compgen -f -X '*.*' -- "$2") ;;
	*) compgen -f -- "$2" ;;
	esac
}

complete -F _tailboard tailboard
