# What /doctor and `imagine-bot doctor` found, one line for each thing, with what to do.

command-doctor = Look whether all is well with me
doctor-looking = I am looking at everything. This takes a few seconds.
doctor-head-well =
    { $notes ->
        [0] All is well.
        [one] Nothing is wrong, and { $notes } thing is good to know.
       *[other] Nothing is wrong, and { $notes } things are good to know.
    }
doctor-head-wrong =
    { $broken ->
        [one] { $broken } thing needs you.
       *[other] { $broken } things need you.
    }

doctor-look-slow = Looking at { $what } took too long, so not all of it is known. Try again; if it stays, look at the network and the disk.
doctor-look-failed = Looking at { $what } failed: { $reason }
doctor-look-broke = Looking at { $what } broke off by a fault in the program. The log has the details; please report it.

doctor-bot = The bot is running and well.
doctor-bot-unwell = The bot is running, but these signs of life are too old: { $signs }. Look into its log.
doctor-bot-silent = No bot answers at { $host }:{ $port }. If it should run, start it; if it does, check HTTP_HOST and HTTP_PORT.

doctor-token = Telegram takes the token of @{ $name }.
doctor-token-refused = Telegram refuses the token. Get a valid one from @BotFather, put it into BOT_TOKEN, restart.
doctor-telegram-silent = { $host } does not answer ({ $reason }). Check the network, the firewall and TELEGRAM_API_BASE.
doctor-call-failed = Telegram did not answer { $method } ({ $reason }). Try again in a minute.
doctor-groups = The bot can be added to groups.
doctor-groups-off = The bot cannot be added to groups. If it should be: @BotFather, /setjoingroups.
doctor-privacy = Privacy mode is on: in groups the bot hears only what is meant for it.
doctor-privacy-off = Privacy mode is off: Telegram sends the bot all the talk of its groups. It needs no more than commands, mentions and replies: @BotFather, /setprivacy, Enable.
doctor-inline = Inline mode is on.
doctor-inline-off = Inline mode is off, so @name in other chats does nothing. If you want it: @BotFather, /setinline and /setinlinefeedback.
doctor-guest = Guest mode is on: the bot can be named in chats where it is no member.
doctor-guest-off = Guest mode is off. If you want it: the settings of the bot in @BotFather.
doctor-topics = Topics in private chats are on.
doctor-topics-off = Topics in private chats are off; groups with topics work all the same.
doctor-clock = The clock is right.
doctor-clock-off =
    { $seconds ->
        [one] The clock is { $seconds } second off Telegram’s. Turn on time synchronization (timedatectl set-ntp true).
       *[other] The clock is { $seconds } seconds off Telegram’s. Turn on time synchronization (timedatectl set-ntp true).
    }
doctor-clock-unknown = The server did not tell its time, so the clock could not be compared.
doctor-polling =
    { $waiting ->
        [0] Updates are asked for, and none wait.
        [one] Updates are asked for, and { $waiting } waits.
       *[other] Updates are asked for, and { $waiting } wait.
    }
doctor-webhook =
    { $waiting ->
        [0] Updates are brought to WEBHOOK_URL, and none wait.
        [one] Updates are brought to WEBHOOK_URL, and { $waiting } waits.
       *[other] Updates are brought to WEBHOOK_URL, and { $waiting } wait.
    }
doctor-updates-wait =
    { $waiting ->
        [one] { $waiting } update waits at Telegram. If the bot runs and the number grows, look into its log.
       *[other] { $waiting } updates wait at Telegram. If the bot runs and the number grows, look into its log.
    }
doctor-webhook-in-the-way = Updates are brought to a webhook at { $host }, but WEBHOOK_URL is not set. Starting the bot takes that webhook down; if another program uses this token, get a token of its own for it.
doctor-webhook-moved = Updates are brought to { $host } instead of WEBHOOK_URL. A running bot puts it right within a minute; if it does not, another program uses this token.
doctor-webhook-missing = WEBHOOK_URL is set, but Telegram has no webhook. Start the bot, and look into its log if this stays.
doctor-webhook-fails =
    { $minutes ->
        [one] Telegram could not bring an update { $minutes } minute ago: { $reason }. Check the proxy, its certificate and where it hands WEBHOOK_URL on to.
       *[other] Telegram could not bring an update { $minutes } minutes ago: { $reason }. Check the proxy, its certificate and where it hands WEBHOOK_URL on to.
    }
doctor-storage = The storage chat takes pictures.
doctor-storage-none = No storage chat is set, so nothing is drawn in inline mode. If you want it: STORAGE_CHAT_ID.
doctor-storage-unused = The storage chat takes pictures, but inline mode is off. @BotFather, /setinline.
doctor-storage-closed = The bot may not post in the storage chat { $chat }, or is not in it. Add it there as an admin that may post, or correct STORAGE_CHAT_ID.
doctor-admins-none = ADMIN_IDS names nobody, so nobody can run the bot from the chat, and nobody hears of its troubles. Write to the bot: its answer tells your number.
doctor-admin-unmet = Admin { $admin } never wrote to the bot, so it cannot warn them. They should send it /start.

doctor-services-none = No service is on, so nothing can be drawn. Set the key of one; imagine-bot env names them all.
doctor-service =
    { $models ->
        [one] { $service } answers and offers { $models } model.
       *[other] { $service } answers and offers { $models } models.
    }
doctor-service-account =
    { $models ->
        [one] { $service } answers and offers { $models } model; the account has { $balance }.
       *[other] { $service } answers and offers { $models } models; the account has { $balance }.
    }
doctor-service-fails =
    { $cause ->
        [key-refused] { $service } refuses the key. Put a valid one into its setting and restart.
        [no-funds] The account at { $service } is used up. Fill it up{ $link ->
            [none] .
           *[other] : { $link }
        }
        [unreachable] { $service } cannot be reached. Check the network and its address in the settings.
        [timed-out] { $service } did not answer in time. Try again; if it stays, turn the service off.
        [redirected] { $service } is at another address now. Correct its address in the settings.
        [service-gone] { $service } does not exist any more. Remove its key from the settings.
        [rate-limited] { $service } has too much to do right now. It is asked again by itself.
        [unavailable] { $service } is down right now. It is asked again by itself.
        [service-error] Something broke at { $service }. It is asked again by itself.
       *[other] { $service } gives no list of its models ({ $cause }). Check its address in the settings; imagine-bot check tells more.
    }
doctor-model = The usual model, { $model }, is offered.
doctor-model-unknown = DEFAULT_MODEL names { $model }, which no service offers. Choose another one.
doctor-fallbacks-unknown = FALLBACKS names what no service offers: { $names }. It is passed over; correct it or take it out.
doctor-judge = The service of MODERATION_URL answers.
doctor-judge-away =
    { $away ->
        [draw] The service of MODERATION_URL does not answer as it should, so words are not judged. Check MODERATION_URL, MODERATION_API_KEY, MODERATION_MODEL, and its status page.
       *[wait] The service of MODERATION_URL does not answer as it should, so nothing is drawn. Check MODERATION_URL, MODERATION_API_KEY, MODERATION_MODEL, and its status page.
    }

doctor-database =
    The database is at version { $version } and takes { NUMBER($size) } MB, its log { NUMBER($log) } MB.
doctor-database-none = There is no database yet. The first start makes it.
doctor-database-older = The database is at version { $version }, older than the program. The next start brings it up to date; make a backup first.
doctor-database-too-new = A newer version of the bot wrote the database. Install that version, or restore a backup from before it.
doctor-database-log = The database takes { NUMBER($size) } MB, but its log { NUMBER($log) } MB: something reads for hours without end. Restart the bot, and close other programs that have the file open.
doctor-database-damaged = The database is damaged. Stop the bot, keep the file, and restore the last good backup: imagine-bot restore --list.
doctor-database-unread = The database cannot be read: { $reason }
doctor-database-away = PostgreSQL cannot be reached. See that it runs, and that address, user and password in DATABASE_URL are right.
doctor-integrity = Every page of the database is whole.
doctor-integrity-long = The database is too large to be looked through within { NUMBER($seconds) } seconds. The backups are checked as a whole.

doctor-disk = { NUMBER($free) } MB are free on the disk.
doctor-disk-scarce = Only { NUMBER($free) } MB are free on the disk. Make room before it gets short.
doctor-disk-full = Only { NUMBER($free) } MB are free on the disk, and below { NUMBER($least) } MB nothing new is accepted. Make room now.
doctor-data = DATA_DIR can be written, and only by its owner.
doctor-data-none = The folder of DATA_DIR is not there yet. The first start makes it; if you expected data, check the setting and the folder you are in.
doctor-data-closed = Nothing can be written into DATA_DIR ({ $reason }). Give it to the user that the bot runs as.
doctor-data-open = Others on this machine may look into DATA_DIR. Run chmod 700 on it.
doctor-settings = The settings can be read.
doctor-env-open = Others on this machine can read the secrets in .env. Run chmod 600 .env.
doctor-keys = Words and pictures are locked with MASTER_KEY.
doctor-keys-token = Words and pictures are locked with BOT_TOKEN, because MASTER_KEY is not set. A key of its own outlasts a new token: imagine-bot key prints one; put BOT_TOKEN into MASTER_KEY_BEFORE for the first start with it.
doctor-keys-before = MASTER_KEY_BEFORE is still set. Once the bot has started with the new key, remove the old one.
doctor-keys-foreign = MASTER_KEY does not open the words and pictures that are kept here (BOT_TOKEN counts where none is set). Set it to what it was, or MASTER_KEY_BEFORE if it is new.
doctor-keys-gone = The file of keys is missing, and the bot does not start without it. Put its copy in its place: { $copy } in DATA_DIR.
doctor-keys-damaged = The file of keys cannot be read. Stop the bot and put its copy in its place: { $copy } in DATA_DIR.
doctor-backups =
    { $count ->
        [one] There is { $count } backup, the newest { NUMBER($hours) } h old.
       *[other] There are { $count } backups, the newest { NUMBER($hours) } h old.
    }
doctor-backups-none = There is no backup yet. A running bot makes one within the hour; imagine-bot backup makes one now.
doctor-backups-old = The newest backup is { NUMBER($hours) } h old, and the database has changed since. Look for backup_failed in the log, and make room.
doctor-backups-plain =
    { $count ->
        [one] { $count } backup is from before words were encrypted, so anybody who gets it can read them. Once you need it no more, delete it.
       *[other] { $count } backups are from before words were encrypted, so anybody who gets them can read them. Once you need them no more, delete them.
    }
doctor-backups-off = Backups are turned off (BACKUPS=0). If nothing else copies the data, turn them on.
doctor-backups-postgres = PostgreSQL is backed up by pg_dump, not by the bot. See that something runs it each day.
doctor-versions = imagine-bot { $bot }, Python { $python }, SQLite { $sqlite }, aiogram { $aiogram }.
