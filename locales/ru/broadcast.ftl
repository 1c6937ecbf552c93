# Новости от владельца бота: /broadcast, его панель и кнопка под каждым письмом.

broadcast-needs-reply = Что отправить? Напишите это после /broadcast или отправьте /broadcast ответом на текст или на одну картинку.
broadcast-too-long = Подпись под картинкой слишком длинная: больше { $most } знаков мне с картинкой не отправить.
broadcast-preview = Так это увидят люди. Кому отправить?
broadcast-everybody = Всем
broadcast-active =
    { $days ->
        [one] Активные за { $days } день
        [few] Активные за { $days } дня
       *[many] Активные за { $days } дней
    }
broadcast-any-language = На любом языке
broadcast-people =
    { $people ->
        [0] Отправить некому.
        [one] Получит { $people } человек.
        [few] Получат { $people } человека.
       *[many] Получат { $people } человек.
    }
broadcast-counting = Считаю, сколько людей это получит…
broadcast-unmet =
    { $people ->
        [one] Ещё { $people } человек никогда не писал мне лично: первым писать мне нельзя, поэтому и не пробую.
        [few] Ещё { $people } человека никогда не писали мне лично: первым писать мне нельзя, поэтому и не пробую.
       *[many] Ещё { $people } человек никогда не писали мне лично: первым писать мне нельзя, поэтому и не пробую.
    }
broadcast-plainer = Ваши собственные эмодзи станут обычными: ботам нельзя их отправлять. Выше видно то, что увидят люди.
broadcast-send =
    { $people ->
        [one] Отправить: { $people } человек
        [few] Отправить: { $people } человека
       *[many] Отправить: { $people } человек
    }
broadcast-send-uncounted = Отправить
broadcast-question =
    Отправить сейчас? Это { $people ->
        [one] { $people } человек
        [few] { $people } человека
       *[many] { $people } человек
    } и { $minutes ->
        [1] около минуты
        [one] около { $minutes } минуты
       *[many] около { $minutes } минут
    }: картинки идут первыми.
broadcast-yes =
    { $people ->
        [one] Да, { $people } человек
        [few] Да, { $people } человека
       *[many] Да, { $people } человек
    }
broadcast-drop = Не отправлять
broadcast-dropped = Не отправлено. Никто ничего не получил.
broadcast-stop = Остановить

broadcast-running = Отправляется: { $passed } из { $total }
broadcast-stopped = Остановлено: { $passed } из { $total }
broadcast-done = Отправлено, всего { $passed }
broadcast-delivered = Доставлено: { $people }
broadcast-blocked = Заблокировали меня: { $people }
broadcast-failed = Не удалось отправить: { $people }
broadcast-unknown = Могло дойти, второй раз не отправляю: { $people }

broadcast-is-stopped = Остановлено. Больше никто не получит.
broadcast-over = Это уже закончилось.
broadcast-nobody = Отправить некому.
broadcast-another = Сейчас отправляется другое: { $passed } из { $total }. Отправьте это, когда закончится; как идут дела, покажет /broadcast.
broadcast-asked-long-ago = Прошло много времени. Взгляните на число и подтвердите ещё раз.
broadcast-not-yours = Это может только тот, кто ведёт этого бота.

broadcast-no-more = Больше не присылать
broadcast-more-again = Присылать снова
broadcast-news-off = Новости от того, кто ведёт этого бота, больше не придут. Эта кнопка их вернёт.
broadcast-news-on = Новости от того, кто ведёт этого бота, снова будут приходить.

command-broadcast = Написать всем этими словами

panel-did-broadcast = отправляет сообщение всем ({ $detail })
panel-did-broadcast-stop = остановлена отправка всем
