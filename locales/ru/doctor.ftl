# Что нашли /doctor и `imagine-bot doctor`: по строке на каждую вещь, и что делать.

command-doctor = Проверить, всё ли со мной в порядке
doctor-looking = Проверяю всё подряд. Это займёт несколько секунд.
doctor-head-well =
    { $notes ->
        [0] Всё в порядке.
        [one] Всё работает, но { $notes } вещь стоит знать.
        [few] Всё работает, но { $notes } вещи стоит знать.
       *[many] Всё работает, но { $notes } вещей стоит знать.
    }
doctor-head-wrong =
    { $broken ->
        [one] { $broken } вещь требует вашего внимания.
        [few] { $broken } вещи требуют вашего внимания.
       *[many] { $broken } вещей требуют вашего внимания.
    }

doctor-look-slow = Проверка ({ $what }) шла слишком долго, поэтому известно не всё. Повторите; если не пройдёт, посмотрите на сеть и диск.
doctor-look-failed = Проверка ({ $what }) не удалась: { $reason }
doctor-look-broke = Проверка ({ $what }) прервалась из-за ошибки в программе. Подробности в журнале; пожалуйста, сообщите о ней.

doctor-bot = Бот запущен и в порядке.
doctor-bot-unwell = Бот запущен, но эти признаки жизни устарели: { $signs }. Загляните в его журнал.
doctor-bot-silent = По адресу { $host }:{ $port } бот не отвечает. Если он должен работать, запустите его; если работает, проверьте HTTP_HOST и HTTP_PORT.

doctor-token = Telegram принимает токен @{ $name }.
doctor-token-refused = Telegram не принимает токен. Возьмите действующий у @BotFather, впишите его в BOT_TOKEN и перезапустите бота.
doctor-telegram-silent = { $host } не отвечает ({ $reason }). Проверьте сеть, сетевой экран и TELEGRAM_API_BASE.
doctor-call-failed = Telegram не ответил на { $method } ({ $reason }). Повторите через минуту.
doctor-groups = Бота можно добавлять в группы.
doctor-groups-off = Бота нельзя добавить в группу. Если нужно, разрешите: @BotFather, /setjoingroups.
doctor-privacy = Режим приватности включён: в группах бот слышит только то, что сказано ему.
doctor-privacy-off = Режим приватности выключен: Telegram передаёт боту все разговоры его групп. Ему хватает команд, упоминаний и ответов: @BotFather, /setprivacy, Enable.
doctor-inline = Встроенный режим включён.
doctor-inline-off = Встроенный режим выключен, поэтому @имя в других чатах ничего не делает. Если он нужен: @BotFather, /setinline и /setinlinefeedback.
doctor-guest = Гостевой режим включён: бота можно позвать в чатах, где его нет.
doctor-guest-off = Гостевой режим выключен. Если он нужен, включите его в настройках бота у @BotFather.
doctor-topics = Темы в личных чатах включены.
doctor-topics-off = Темы в личных чатах выключены; группы с темами работают и так.
doctor-clock = Часы идут верно.
doctor-clock-off =
    { $seconds ->
        [one] Часы расходятся с Telegram на { $seconds } секунду. Включите синхронизацию времени (timedatectl set-ntp true).
        [few] Часы расходятся с Telegram на { $seconds } секунды. Включите синхронизацию времени (timedatectl set-ntp true).
       *[many] Часы расходятся с Telegram на { $seconds } секунд. Включите синхронизацию времени (timedatectl set-ntp true).
    }
doctor-clock-unknown = Сервер не сообщил своё время, поэтому часы сверить не удалось.
doctor-polling =
    { $waiting ->
        [0] Бот сам спрашивает обновления, ни одно не ждёт.
        [one] Бот сам спрашивает обновления, { $waiting } ждёт.
        [few] Бот сам спрашивает обновления, { $waiting } ждут.
       *[many] Бот сам спрашивает обновления, { $waiting } ждут.
    }
doctor-webhook =
    { $waiting ->
        [0] Обновления приходят на WEBHOOK_URL, ни одно не ждёт.
        [one] Обновления приходят на WEBHOOK_URL, { $waiting } ждёт.
        [few] Обновления приходят на WEBHOOK_URL, { $waiting } ждут.
       *[many] Обновления приходят на WEBHOOK_URL, { $waiting } ждут.
    }
doctor-updates-wait =
    { $waiting ->
        [one] В Telegram ждёт { $waiting } обновление. Если бот работает, а их всё больше, загляните в его журнал.
        [few] В Telegram ждут { $waiting } обновления. Если бот работает, а их всё больше, загляните в его журнал.
       *[many] В Telegram ждут { $waiting } обновлений. Если бот работает, а их всё больше, загляните в его журнал.
    }
doctor-webhook-in-the-way = Обновления уходят на вебхук { $host }, хотя WEBHOOK_URL не задан. При запуске бот снимет этот вебхук; если токеном пользуется другая программа, заведите для неё свой.
doctor-webhook-moved = Обновления уходят на { $host }, а не на WEBHOOK_URL. Работающий бот исправит это за минуту; если нет, токеном пользуется другая программа.
doctor-webhook-missing = WEBHOOK_URL задан, но вебхука у Telegram нет. Запустите бота; если не поможет, загляните в его журнал.
doctor-webhook-fails =
    { $minutes ->
        [one] { $minutes } минуту назад Telegram не смог доставить обновление: { $reason }. Проверьте прокси, его сертификат и то, куда он передаёт WEBHOOK_URL.
        [few] { $minutes } минуты назад Telegram не смог доставить обновление: { $reason }. Проверьте прокси, его сертификат и то, куда он передаёт WEBHOOK_URL.
       *[many] { $minutes } минут назад Telegram не смог доставить обновление: { $reason }. Проверьте прокси, его сертификат и то, куда он передаёт WEBHOOK_URL.
    }
doctor-storage = Чат-хранилище принимает картинки.
doctor-storage-none = Чат-хранилище не задан, поэтому во встроенном режиме ничего не рисуется. Если нужно: STORAGE_CHAT_ID.
doctor-storage-unused = Чат-хранилище принимает картинки, но встроенный режим выключен. @BotFather, /setinline.
doctor-storage-closed = Боту нельзя писать в чат-хранилище { $chat }, или его там нет. Добавьте его туда администратором с правом публикации или исправьте STORAGE_CHAT_ID.
doctor-admins-none = В ADMIN_IDS никого нет, поэтому никто не может вести бота из чата, и о неполадках никто не узнает. Напишите боту: он ответит вашим номером.
doctor-admin-unmet = Администратор { $admin } ещё не писал боту, поэтому бот не может его предупредить. Пусть отправит ему /start.

doctor-services-none = Ни один сервис не включён, рисовать некому. Задайте ключ хотя бы одного; все перечислит imagine-bot env.
doctor-service =
    { $models ->
        [one] { $service } отвечает и предлагает { $models } модель.
        [few] { $service } отвечает и предлагает { $models } модели.
       *[many] { $service } отвечает и предлагает { $models } моделей.
    }
doctor-service-account =
    { $models ->
        [one] { $service } отвечает и предлагает { $models } модель; на счету { $balance }.
        [few] { $service } отвечает и предлагает { $models } модели; на счету { $balance }.
       *[many] { $service } отвечает и предлагает { $models } моделей; на счету { $balance }.
    }
doctor-service-fails =
    { $cause ->
        [key-refused] { $service } не принимает ключ. Впишите действующий в настройки и перезапустите бота.
        [no-funds] Счёт в { $service } исчерпан. Пополните его{ $link ->
            [none] .
           *[other] : { $link }
        }
        [unreachable] До { $service } не достучаться. Проверьте сеть и адрес сервиса в настройках.
        [timed-out] { $service } не ответил вовремя. Повторите; если не пройдёт, выключите этот сервис.
        [redirected] { $service } переехал. Исправьте его адрес в настройках.
        [service-gone] { $service } больше не существует. Уберите его ключ из настроек.
        [rate-limited] { $service } сейчас перегружен. Бот спросит его снова сам.
        [unavailable] { $service } сейчас не работает. Бот спросит его снова сам.
        [service-error] В { $service } что-то сломалось. Бот спросит его снова сам.
       *[other] { $service } не даёт списка моделей ({ $cause }). Проверьте его адрес в настройках; подробнее скажет imagine-bot check.
    }
doctor-model = Основная модель, { $model }, доступна.
doctor-model-unknown = DEFAULT_MODEL называет { $model }, а её не предлагает ни один сервис. Выберите другую.
doctor-fallbacks-unknown = FALLBACKS называет то, чего не предлагает ни один сервис: { $names }. Бот это пропускает; исправьте или уберите.
doctor-judge = Сервис из MODERATION_URL отвечает.
doctor-judge-away =
    { $away ->
        [draw] Сервис из MODERATION_URL не отвечает как должен, поэтому слова никто не оценивает. Проверьте MODERATION_URL, MODERATION_API_KEY, MODERATION_MODEL и страницу состояния сервиса.
       *[wait] Сервис из MODERATION_URL не отвечает как должен, поэтому ничего не рисуется. Проверьте MODERATION_URL, MODERATION_API_KEY, MODERATION_MODEL и страницу состояния сервиса.
    }

doctor-database =
    База данных версии { $version } занимает { NUMBER($size) } МБ, её журнал — { NUMBER($log) } МБ.
doctor-database-none = Базы данных ещё нет. Её создаст первый запуск.
doctor-database-older = База данных версии { $version }, старше программы. Следующий запуск обновит её; сначала сделайте резервную копию.
doctor-database-too-new = Базу данных записала более новая версия бота. Установите её или восстановите более раннюю резервную копию.
doctor-database-log = База данных занимает { NUMBER($size) } МБ, а её журнал — { NUMBER($log) } МБ: кто-то часами читает её не переставая. Перезапустите бота и закройте другие программы, открывшие этот файл.
doctor-database-damaged = База данных повреждена. Остановите бота, сохраните файл и восстановите последнюю исправную копию: imagine-bot restore --list.
doctor-database-unread = Базу данных не прочитать: { $reason }
doctor-database-away = До PostgreSQL не достучаться. Проверьте, что он запущен, а адрес, имя и пароль в DATABASE_URL верны.
doctor-integrity = Все страницы базы данных целы.
doctor-integrity-long = База данных слишком велика, чтобы просмотреть её за { NUMBER($seconds) } с. Целиком проверяются её резервные копии.

doctor-disk = На диске свободно { NUMBER($free) } МБ.
doctor-disk-scarce = На диске свободно только { NUMBER($free) } МБ. Освободите место, пока его хватает.
doctor-disk-full = На диске свободно только { NUMBER($free) } МБ, а ниже { NUMBER($least) } МБ новое не принимается. Освободите место сейчас.
doctor-data = В DATA_DIR может писать её владелец, и только он.
doctor-data-none = Папки из DATA_DIR ещё нет. Её создаст первый запуск; если данные уже были, проверьте эту настройку и то, в какой папке вы находитесь.
doctor-data-closed = В DATA_DIR нельзя писать ({ $reason }). Отдайте её пользователю, под которым работает бот.
doctor-data-open = В DATA_DIR могут заглянуть другие на этой машине. Выполните для неё chmod 700.
doctor-settings = Настройки читаются.
doctor-env-open = Секреты из .env могут прочитать другие на этой машине. Выполните chmod 600 .env.
doctor-keys = Слова и картинки заперты ключом MASTER_KEY.
doctor-keys-token = Слова и картинки заперты токеном BOT_TOKEN, потому что MASTER_KEY не задан. Собственный ключ переживёт смену токена: его напечатает imagine-bot key; на первый запуск с ним впишите BOT_TOKEN в MASTER_KEY_BEFORE.
doctor-keys-before = MASTER_KEY_BEFORE всё ещё задан. Когда бот запустится с новым ключом, уберите старый.
doctor-keys-foreign = MASTER_KEY не открывает слова и картинки, которые здесь хранятся (если он не задан, считается BOT_TOKEN). Верните прежний ключ или впишите его в MASTER_KEY_BEFORE, если ключ новый.
doctor-keys-gone = Файла ключей нет, а без него бот не запустится. Положите на его место копию: { $copy } в DATA_DIR.
doctor-keys-damaged = Файл ключей не читается. Остановите бота и положите на его место копию: { $copy } в DATA_DIR.
doctor-backups =
    { $count ->
        [one] Есть { $count } резервная копия, последней { NUMBER($hours) } ч.
        [few] Есть { $count } резервные копии, последней { NUMBER($hours) } ч.
       *[many] Есть { $count } резервных копий, последней { NUMBER($hours) } ч.
    }
doctor-backups-none = Резервных копий ещё нет. Работающий бот сделает первую в течение часа, imagine-bot backup — сейчас.
doctor-backups-old = Последней резервной копии { NUMBER($hours) } ч, а база с тех пор менялась. Поищите backup_failed в журнале и освободите место.
doctor-backups-plain =
    { $count ->
        [one] { $count } копия сделана до того, как слова стали шифроваться: кому она попадёт, тот их прочтёт. Когда она станет не нужна, удалите её.
        [few] { $count } копии сделаны до того, как слова стали шифроваться: кому они попадут, тот их прочтёт. Когда они станут не нужны, удалите их.
       *[many] { $count } копий сделаны до того, как слова стали шифроваться: кому они попадут, тот их прочтёт. Когда они станут не нужны, удалите их.
    }
doctor-backups-off = Резервные копии выключены (BACKUPS=0). Если данные не копирует что-то другое, включите их.
doctor-backups-postgres = PostgreSQL копирует pg_dump, а не бот. Позаботьтесь, чтобы он запускался каждый день.
doctor-versions = imagine-bot { $bot }, Python { $python }, SQLite { $sqlite }, aiogram { $aiogram }.
