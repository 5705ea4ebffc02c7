# bash completion for tailboard

# The options of a command.
_tailboard_options()
{
	local all="--tz --memory -m --threads --config --help -h --version -V"
	local read="--since --until --format"
	local count="--window -w --slow"
	local screen="--theme --keys --no-color --ascii --no-mouse"

	case $1 in
	report) echo "$all $read --history $count --output -o --by --mask --secrets" ;;
	search) echo "$all $read --history --output -o --text -q --level --module --user --request" \
		"--limit -n --context -C --page --page-size --count -c --follow -f --fields --mask --dedup" ;;
	explain) echo "$all $read" ;;
	demo) echo "$all $count $screen" ;;
	*) echo "$all $read --history $count $screen --tail" ;;
	esac
}

# The values of an option that are words; false when there are none.
_tailboard_words()
{
	case $1 in
	--output|-o)
		echo "text json"
		if [[ $2 == search ]]; then
			echo "raw csv"
		fi ;;
	--by) echo "hour minute" ;;
	--level) echo "TRACE DEBUG INFO WARNING ERROR CRITICAL" ;;
	--theme) echo "default dark light high-contrast mono" ;;
	--format) echo "access access-ms apache basic celery compose cri daphne django docker gunicorn haproxy json json-naive klog" \
		"logfmt morgan nginx postgres rails redis runserver simple structlog syslog tagged text timed uvicorn uwsgi raw" ;;
	--tz)
		echo "local UTC"
		awk '!/^#/ { print $3 }' /usr/share/zoneinfo/zone.tab 2>/dev/null ;;
	*) return 1 ;;
	esac
}

_tailboard()
{
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
	local command= words

	if ((COMP_CWORD > 1)); then
		command=${COMP_WORDS[1]}
	fi
	# bash takes an option and its value apart at the =.
	if [[ $cur == = ]]; then
		cur=
	elif [[ $prev == = ]]; then
		prev=${COMP_WORDS[COMP_CWORD-2]}
	fi
	COMPREPLY=()
	if words=$(_tailboard_words "$prev" "$command"); then
		mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
		if [[ $prev == --theme ]]; then
			mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$cur")
			compopt -o filenames
		fi
		return
	fi
	case $prev in
	--since|--until|--history|--window|-w|--slow|--memory|-m|--threads|--text|-q|--module|--user|--request|\
	--limit|-n|--context|-C|--page|--page-size)
		return ;;
	esac
	if [[ $cur == -* && $prev != --config && $prev != --keys ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$(_tailboard_options "$command")" -- "$cur")
		return
	fi
	mapfile -t COMPREPLY < <(
		((COMP_CWORD == 1)) && compgen -W "report search explain demo" -- "$cur"
		[[ $command == demo && $prev != --* ]] || compgen -f -- "$cur")
	compopt -o filenames
}

complete -F _tailboard tailboard
