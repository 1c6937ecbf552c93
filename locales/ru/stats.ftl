# /stats и /providers: цифры и сервисы, для администраторов.

command-stats = Цифры за день, неделю или месяц
command-providers = Как дела у сервисов и как их переключить

stats-day = День
stats-week = Неделя
stats-month = Месяц
stats-csv = В CSV
stats-json = В JSON
stats-not-yours = Это для администраторов бота.
stats-not-here = Это больше не работает. Отправьте /stats или /providers ещё раз.

stats-title-day = Последние 24 часа
stats-title-week = Последние 7 дней
stats-title-month = Последние 30 дней
stats-pictures =
    { $count ->
        [one] A 🟦 { $count } картинка
        [few] A 🟦 { $count } картинки
       *[many] A 🟦 { $count } картинок
    }
stats-failures =
    { $count ->
        [one] A 🟥 { $count } неудача
        [few] A 🟥 { $count } неудачи
       *[many] A 🟥 { $count } неудач
    }
stats-people =
    { $count ->
        [one] Просил { $count } человек
        [few] Просили { $count } человека
       *[many] Просили { $count } человек
    }
stats-credits =
    { $count ->
        [one] Люди потратили { $count } кредит
        [few] Люди потратили { $count } кредита
       *[many] Люди потратили { $count } кредитов
    }
stats-causes = B Почему картинки не было
stats-cause = { $number }. { $cause }: { $count }
stats-services = C За сколько пришла половина картинок и девять из десяти · D сколько кредитов стоил сервис
stats-service = { $service }: удачных { $success } % · { $half } / { $most } · { $credits }
stats-seconds = { $whole },{ $tenths } с
stats-whole-seconds = { $whole } с

board-title = Сервисы
board-again = Обновить
board-off = Выключить { $service }
board-on = Включить { $service }
board-try = Попробовать { $service }
board-tried = Следующая картинка его попробует.
board-prefer = Предпочесть { $service }
board-plain = Не предпочитать { $service }
board-is-on = работает
board-is-off = выключен
board-is-resting = пока не беспокою
board-is-preferred = идёт первым, если нужна замена
board-no-calls = С моего запуска к нему никто не обращался.
board-calls =
    { $count ->
        [one] Удачно { $success } % из { $count } запроса · половина за { $half }, девять из десяти за { $most }
        [few] Удачно { $success } % из последних { $count } запросов · половина за { $half }, девять из десяти за { $most }
       *[many] Удачно { $success } % из последних { $count } запросов · половина за { $half }, девять из десяти за { $most }
    }
board-spend =
    { $credits ->
        [one] Сегодня: { $credits } кредит
        [few] Сегодня: { $credits } кредита
       *[many] Сегодня: { $credits } кредитов
    }
board-capped = Сегодня: кредитов { $credits }, можно не больше { $cap }
board-trouble =
    { $minutes ->
        [one] Последний сбой: { $cause }, { $minutes } минуту назад
        [few] Последний сбой: { $cause }, { $minutes } минуты назад
       *[many] Последний сбой: { $cause }, { $minutes } минут назад
    }

incident-opened = { $provider } не справляется: { $cause }. Я его пока не беспокою, время от времени пробую и скажу, когда всё пройдёт. Подробнее: /providers
incident-closed =
    { $minutes ->
        [one] { $provider } снова работает. Сбой длился { $minutes } минуту.
        [few] { $provider } снова работает. Сбой длился { $minutes } минуты.
       *[many] { $provider } снова работает. Сбой длился { $minutes } минут.
    }

stats-cause-bad-request = запрос не понят
stats-cause-prompt-refused = описание отклонено
stats-cause-prompt-too-long = слишком длинное описание
stats-cause-key-refused = ключ не принят
stats-cause-no-funds = счёт исчерпан
stats-cause-model-gone = модели больше нет
stats-cause-rate-limited = слишком много запросов
stats-cause-unavailable = сервис не работает
stats-cause-unreachable = нет связи
stats-cause-timed-out = нет ответа вовремя
stats-cause-too-slow = картинка шла слишком медленно
stats-cause-cut-off = связь оборвалась
stats-cause-service-error = ошибка на стороне сервиса
stats-cause-redirected = сервис отправил не туда
stats-cause-broken-answer = ответ не разобрать
stats-cause-no-picture = ответ без картинки
stats-cause-not-a-picture = это не картинка
stats-cause-picture-too-large = картинка слишком большая
stats-cause-picture-gone = картинка исчезла
stats-cause-address-refused = адрес не вызывает доверия
stats-cause-service-gone = сервиса больше нет
stats-cause-spent-today = дневной предел исчерпан
stats-cause-source-gone = исходная картинка исчезла
stats-cause-source-unfit = исходную картинку не прочитать
stats-cause-picture-unsendable = Telegram не принял
stats-cause-chat-closed = чат для меня закрыт
stats-cause-pictures-barred = в чате нельзя картинки
stats-cause-held = ждёт, пока посмотрят
stats-cause-not-shown = отклонил модератор
stats-cause-not-looked-at = никто не успел посмотреть
stats-cause-interrupted = прервано
stats-cause-restored = потеряно при восстановлении копии
stats-cause-storage-full = нет места на диске
stats-cause-internal = моя ошибка
