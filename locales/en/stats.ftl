# /stats and /providers: figures and services, for admins.

command-stats = Figures of the day, week or month
command-providers = How the services are doing, and switches for them

stats-day = Day
stats-week = Week
stats-month = Month
stats-csv = As CSV
stats-json = As JSON
stats-not-yours = This is for the admins of the bot.
stats-not-here = That does not work any more. Send /stats or /providers again.

stats-title-day = The last 24 hours
stats-title-week = The last 7 days
stats-title-month = The last 30 days
stats-pictures =
    { $count ->
        [one] A 🟦 { $count } picture
       *[other] A 🟦 { $count } pictures
    }
stats-failures =
    { $count ->
        [one] A 🟥 { $count } failure
       *[other] A 🟥 { $count } failures
    }
stats-people =
    { $count ->
        [one] { $count } person asked
       *[other] { $count } people asked
    }
stats-credits =
    { $count ->
        [one] { $count } credit spent by people
       *[other] { $count } credits spent by people
    }
stats-causes = B Why there was no picture
stats-cause = { $number }. { $cause }: { $count }
stats-services = C Half and nine tenths of the pictures came within · D credits that a service cost
stats-service = { $service }: { $success } % good · { $half } / { $most } · { $credits }
stats-seconds = { $whole }.{ $tenths } s
stats-whole-seconds = { $whole } s

board-title = Services
board-again = Look again
board-off = Turn { $service } off
board-on = Turn { $service } on
board-try = Try { $service } now
board-tried = The next picture tries it.
board-prefer = Prefer { $service }
board-plain = Do not prefer { $service }
board-is-on = works
board-is-off = turned off
board-is-resting = left alone for now
board-is-preferred = goes first where another one must stand in
board-no-calls = Nobody has asked it since I started.
board-calls =
    { $count ->
        [one] { $success } % of { $count } call good · half within { $half }, nine tenths within { $most }
       *[other] { $success } % of the last { $count } calls good · half within { $half }, nine tenths within { $most }
    }
board-spend =
    { $credits ->
        [one] Today: { $credits } credit
       *[other] Today: { $credits } credits
    }
board-capped = Today: { $credits } of at most { $cap } credits
board-trouble =
    { $minutes ->
        [one] Last trouble: { $cause }, { $minutes } minute ago
       *[other] Last trouble: { $cause }, { $minutes } minutes ago
    }

incident-opened = { $provider } is in trouble: { $cause }. I leave it alone, try it now and then, and tell you when it is over. See /providers
incident-closed =
    { $minutes ->
        [one] { $provider } works again. It took { $minutes } minute.
       *[other] { $provider } works again. It took { $minutes } minutes.
    }

stats-cause-bad-request = request not understood
stats-cause-prompt-refused = words refused
stats-cause-prompt-too-long = too many words
stats-cause-key-refused = key refused
stats-cause-no-funds = account used up
stats-cause-model-gone = model not offered any more
stats-cause-rate-limited = too many requests
stats-cause-unavailable = service down
stats-cause-unreachable = not reached
stats-cause-timed-out = no answer in time
stats-cause-too-slow = picture came too slowly
stats-cause-cut-off = line broke off
stats-cause-service-error = error at the service
stats-cause-redirected = sent elsewhere
stats-cause-broken-answer = answer not readable
stats-cause-no-picture = answer without a picture
stats-cause-not-a-picture = not a picture
stats-cause-picture-too-large = picture too large
stats-cause-picture-gone = picture was gone
stats-cause-address-refused = address not trusted
stats-cause-service-gone = service does not exist any more
stats-cause-spent-today = daily cap reached
stats-cause-source-gone = picture to change was gone
stats-cause-source-unfit = picture to change not readable
stats-cause-picture-unsendable = not taken by Telegram
stats-cause-chat-closed = chat closed to me
stats-cause-pictures-barred = no pictures allowed in the chat
stats-cause-held = waits for a look
stats-cause-not-shown = refused by a moderator
stats-cause-not-looked-at = nobody looked in time
stats-cause-interrupted = interrupted
stats-cause-restored = lost by restoring a backup
stats-cause-storage-full = no room on disk
stats-cause-internal = fault of mine
