# fish completion for tailboard

set --local commands report search explain demo
set --local first "not __fish_seen_subcommand_from $commands"
set --local read "not __fish_seen_subcommand_from demo"
set --local history "not __fish_seen_subcommand_from explain demo"
set --local count "not __fish_seen_subcommand_from search explain"
set --local screen "not __fish_seen_subcommand_from report search explain"
set --local report "__fish_seen_subcommand_from report"
set --local search "__fish_seen_subcommand_from search"
set --local demo "__fish_seen_subcommand_from demo"

complete -c tailboard -n __fish_is_first_arg -a report -d "The dashboard once, as text or JSON"
complete -c tailboard -n __fish_is_first_arg -a search -d "Matching records"
complete -c tailboard -n __fish_is_first_arg -a explain -d "How each line is read, and why"
complete -c tailboard -n __fish_is_first_arg -a demo -d "The dashboard over a generated live workload"
complete -c tailboard -n $demo -f

complete -c tailboard -l tz -x -a "local UTC (grep -v '^#' /usr/share/zoneinfo/zone.tab 2>/dev/null | cut -f 3)" \
	-d "Zone of times that have none, and of those shown"
complete -c tailboard -s m -l memory -x -d "Ceiling of memory"
complete -c tailboard -l threads -x -d "Workers that read history"
complete -c tailboard -l config -r -F -d "Configuration file"
complete -c tailboard -s h -l help -d "Show help"
complete -c tailboard -s V -l version -d "Show the versions"

complete -c tailboard -n $read -l since -x -d "From this time on"
complete -c tailboard -n $read -l until -x -d "Up to this time"
set --local formats access access-ms apache basic celery compose cri daphne django docker gunicorn haproxy json json-naive klog \
	logfmt morgan nginx postgres rails redis runserver simple structlog syslog tagged text timed uvicorn uwsgi raw
complete -c tailboard -n $read -l format -x -a "$formats" -d "Read every line as this format"

complete -c tailboard -n $history -l history -x -a "all" -d "Read so many rotated copies of each log too"

complete -c tailboard -n $count -s w -l window -x -d "The stretch of time shown"
complete -c tailboard -n $count -l slow -x -d "A longer request is slow, in seconds"

complete -c tailboard -n $screen -l theme -r -F -a "default dark light high-contrast mono" -d "Colours"
complete -c tailboard -n $screen -l keys -r -F -d "File of keys"
complete -c tailboard -n $screen -l no-color -d "No colours"
complete -c tailboard -n $screen -l ascii -d "Draw with ASCII only"
complete -c tailboard -n $screen -l no-mouse -d "Leave the mouse to the terminal"
complete -c tailboard -n $first -l tail -d "Only the end of each file, no history"

complete -c tailboard -n $report -s o -l output -x -a "text json" -d "Form of the report"
complete -c tailboard -n $report -l by -x -a "hour minute" -d "Unit of the counts by time"
complete -c tailboard -n $report -l mask -d "Mask secrets"
complete -c tailboard -n $report -l secrets -d "Count the records that hold secrets"

complete -c tailboard -n $search -s o -l output -x -a "text json raw csv" -d "Form of the records"
complete -c tailboard -n $search -s q -l text -x -d "Text in the message"
complete -c tailboard -n $search -l level -x -a "TRACE DEBUG INFO WARNING ERROR CRITICAL" -d "Exactly this level"
complete -c tailboard -n $search -l module -x -d "Exactly this logger"
complete -c tailboard -n $search -l user -x -d "This user_id"
complete -c tailboard -n $search -l request -x -d "This request_id"
complete -c tailboard -n $search -s n -l limit -x -d "The last records that match"
complete -c tailboard -n $search -l page -x -d "Which page"
complete -c tailboard -n $search -s C -l context -x -d "Records around each match"
complete -c tailboard -n $search -l page-size -x -d "Records on a page"
complete -c tailboard -n $search -s c -l count -d "Only how many"
complete -c tailboard -n $search -s f -l follow -d "Go on with what comes"
complete -c tailboard -n $search -l fields -x -d "Only these of each record"
complete -c tailboard -n $search -l mask -d "Mask secrets"
complete -c tailboard -n $search -l dedup -d "Fold records that were written twice"
