# Пульт тех, кто держит бота: /admin и всё, что к нему относится.

panel-title = Сегодня
panel-figures-pictures = Картинки: { $pictures }, не вышло: { $failures }
panel-figures-people = Люди: { $people }
panel-figures-credits = Потрачено кредитов: { $credits }
panel-figures-queue = Ждут: { $queued }, рисуются: { $drawing }
panel-closed = Обслуживание: новое начинают только администраторы. То, о чём просили раньше, придёт.
panel-opened = Обслуживание закончено: снова рисуют все.
panel-people = Люди
panel-services = Сервисы
panel-access = Доступ
panel-audit = Решения
panel-close = Обслуживание…
panel-open = Закончить обслуживание
panel-refresh = Обновить
panel-older = Раньше
panel-person = Человек
panel-group = Группа
panel-find = Найти…
panel-people-lately = Кто рисовал за последние сутки. Остальных можно найти по номеру, по имени или по их сообщению.
panel-people-none = За последние сутки никто не рисовал. Людей можно найти по номеру, по имени или по их сообщению.
panel-whom = Кого? Пришлите номер, имя или перешлите сообщение этого человека. Имена я знаю только у тех, кто писал с моего запуска, и нигде их не храню.
panel-several = Кто из них?
panel-nobody = С таким именем никого не нашлось. Имена я знаю только у тех, кто писал с моего запуска; по номеру найду всегда.
panel-hidden = Этот человек скрывает себя в пересланных сообщениях. Спросите его номер или поищите по имени.
panel-not-a-person = Это написал не человек, а чат.
panel-groups-lately = Группы, где за последнюю неделю были картинки. Другие группы ищите по номеру: /find и номер.
panel-groups-none = За последнюю неделю картинок в группах не было. Найти группу можно по номеру: /find и номер.
panel-commands = Команды
panel-needs-moderator = Кого? Напишите /moderator 123456789 или /moderator 123456789 off.
command-moderator = Назначить или снять модератора

panel-is-moderator = Модератор
panel-is-admin = Администратор
panel-is-owner = Владелец
panel-is-member = Доступ есть
panel-is-no-member = Доступ лично не дан
panel-is-banned = Доступ закрыт навсегда.
panel-is-banned-until = Доступ закрыт до { $when }.
panel-is-paused = Пауза до { $when }: слишком часто приходилось отказывать.
panel-is-gone = Бот заблокирован: написать этому человеку нельзя.
panel-forgotten = Я больше ничего не знаю о { $person }: этот человек попросил себя забыть.
panel-because = Причина: { $reason }
panel-balance = Осталось кредитов: { $left }, из них не сгорают: { $kept }; отложено: { $held }
panel-daily = В день: { $daily }, как у всех
panel-own-daily = В день: { $daily }, свой предел
panel-drawn = Картинок за неделю: { $pictures }
panel-waiting = В пути: { $pictures }, кредитов за них: { $credits }
panel-draws-in = Рисует в: { $groups }
panel-group-in = Доступ есть
panel-group-out = Доступ по номеру не дан
panel-group-turned-out = Доступ забран: там я не рисую
panel-group-pot = В кассе: { $left }
panel-group-free = Своего предела нет
panel-group-daily = Можно потратить за день: { $daily }

panel-ban = Закрыть доступ…
panel-unban = Вернуть доступ
panel-forgive = Снять паузу
panel-forgiven = Паузы больше нет, и прошлые отказы не в счёт.
panel-how-long = На сколько закрыть доступ для { $person }? С причиной: /ban { $person } 7d причина
panel-days =
    { $days ->
        [one] { $days } день
        [few] { $days } дня
       *[many] { $days } дней
    }
panel-for-good = Навсегда
panel-ban-sure = Закрыть доступ для { $person } навсегда? Остановится картинок в пути: { $pictures }; вернётся кредитов: { $credits }.
panel-ban-sure-until = Закрыть доступ для { $person } до { $when }? Остановится картинок в пути: { $pictures }; вернётся кредитов: { $credits }.
panel-ban-yes = Закрыть доступ
panel-banned = Доступ для { $person } закрыт. Остановлено картинок: { $pictures }.
panel-unbanned = { $person } снова может мне писать.
panel-leave-it = Оставить
panel-left-alone = Всё осталось как было.
panel-asked-before = На этот вопрос уже ответили, или он был слишком давно. Начните заново.
panel-not-yours = Для этого нужно больше прав.
panel-not-about-them = Тем, кто ведёт бота, доступ закрыть нельзя (их номера — в ADMIN_IDS), а модераторам — можно только им.

panel-give = +{ $credits }
panel-take = −{ $credits }…
panel-given =
    { $credits ->
        [one] Начислен { $credits } кредит.
        [few] Начислено { $credits } кредита.
       *[many] Начислено { $credits } кредитов.
    }
panel-take-sure = Забрать у { $person } кредитов: { $credits }? Не сгорающих сейчас { $left }. Кредиты этого дня и отложенное на картинки в пути не трогаются.
panel-take-yes = Забрать
panel-taken =
    { $credits ->
        [one] Забран { $credits } кредит.
        [few] Забрано { $credits } кредита.
       *[many] Забрано { $credits } кредитов.
    }
panel-nothing-to-take = Не сгорающих кредитов нет, забирать нечего. Для ежедневных задайте предел.
panel-limit = Предел в день…
panel-limit-group = Предел в день…
panel-limit-usual = Как у всех
panel-limit-none = Без предела
panel-limit-how-many = Сколько кредитов в день?
panel-limit-set = Запомнил. Считается со следующего дня.
panel-limit-set-group = Запомнил. Считается с этой минуты.
panel-needs-limit = Чей и сколько в день? Напишите /limit 123456789 50 или /limit 123456789 { $word }, чтобы было как у всех.
panel-allow = Дать доступ
panel-disallow = Забрать доступ
panel-name = Сделать модератором
panel-dismiss = Больше не модератор
panel-named = Теперь модератор.
panel-dismissed = Больше не модератор.
panel-you-moderate = Теперь вы здесь присматриваете за порядком. Что можно делать, покажет /admin.

panel-let-out-sure = Забрать доступ у { $person }? Картинок в пути, которые ещё придут: { $pictures }; кредитов, которые останутся: { $credits }. При ACCESS=public рисуют все: там доступ закрывает /ban.
panel-turn-out-sure = Забрать доступ у { $chat }? Картинок там за последнюю неделю: { $pictures }; в общей кассе останется кредитов: { $credits }. Пока доступ не вернут, я там не рисую.
panel-turn-out-leave-sure = Забрать доступ у { $chat }? Картинок там за последнюю неделю: { $pictures }; в общей кассе останется кредитов: { $credits }. Я оттуда уйду, и вернуть меня смогут только сами участники.
panel-let-out-yes = Забрать доступ
panel-close-sure = Начать обслуживание? Картинок в пути: { $pictures }; они придут. Новое до конца обслуживания начинают только администраторы.
panel-close-yes = Начать обслуживание
panel-on-or-off = Напишите /maintenance on или /maintenance off.

panel-access-lists = Кому что можно
panel-members = Участники
panel-moderators = Модераторы
panel-banned-people = Доступ закрыт
panel-groups = Группы
panel-list-empty = В этом списке никого нет.

panel-preset = пресет { $preset }
panel-somebody-forgotten = [забыто]
panel-no-decisions = Пока ничего не решали.
panel-did-allow = доступ для { $subject } дан
panel-did-disallow = доступ для { $subject } забран
panel-did-grant = { $subject } получает кредиты: { $detail }
panel-did-take = у { $subject } забраны кредиты: { $detail }
panel-did-ban = доступ для { $subject } закрыт, срок: { $detail }
panel-did-unban = доступ для { $subject } возвращён
panel-did-forgive = пауза для { $subject } снята
panel-did-limit = предел для { $subject }: { $detail }
panel-did-name = { $subject } теперь модератор
panel-did-dismiss = { $subject } больше не модератор
panel-did-close = началось обслуживание
panel-did-open = обслуживание закончено
panel-did-words = прочитаны слова { $subject }
panel-did-switch-off = «{ $subject }»: выключено
panel-did-switch-on = «{ $subject }»: включено
panel-did-switch-try = «{ $subject }»: проверить сразу
panel-did-switch-prefer = «{ $subject }»: теперь в первую очередь
panel-did-switch-plain = «{ $subject }»: больше не в первую очередь

imagine-maintenance = Меня сейчас обслуживают, поэтому новое не рисуется. То, о чём вы просили раньше, придёт. Попробуйте, пожалуйста, немного позже.

why-which = Какая картинка? Напишите /why и её номер или число, которое человек увидел, когда она не вышла.
why-unknown = Такой картинки не нашлось.
why-words-gone = Слова этой картинки больше не хранятся.
why-title = Картинка
why-status = { $status }, рисует { $model }, цена в кредитах: { $price }
why-is-queued = Ждёт
why-is-drawing = Рисуется
why-is-ready = Нарисована, едет в чат
why-is-delivered = В чате
why-is-failed = Не вышло
why-is-cancelled = Отменена
why-is-expired = Срок вышел
why-in-private = в личном чате
why-in-group = в { $chat }
why-inline = в сообщении через строку ввода
why-asked = просит { $person }, { $where }
why-after = после { $parent }
why-started = началось рисование
why-ended = конец: { $status }
why-deleted = удалена
why-tries = Начинали раз: { $tries }, у сервисов { $seconds } с
why-cause = Причина: { $cause }, число { $id }
why-interrupted = Пока она рисовалась, процесс умер.
why-unsure = Её отправили, и неизвестно, дошла ли она.
why-entry = { $what } { $credits }, счёт { $account }
why-hold = отложено
why-settle = потрачено
why-release = возвращено
why-revoke = сгорело вместе с днём
why-job = Осталась работа: { $kind }, начинали раз: { $tries }, дальше { $due }
why-job-held = Работа идёт: { $kind }, начинали раз: { $tries }
why-words = Показать слова
why-wished = Что просили:

command-admin = Управлять ботом
command-find = Найти человека по номеру или имени
command-ban = Закрыть человеку доступ
command-unban = Вернуть человеку доступ
command-limit = Кредиты в день для человека или группы
command-why = Вся жизнь одной картинки
command-maintenance = Начать или закончить обслуживание
command-audit = Кто что решил
