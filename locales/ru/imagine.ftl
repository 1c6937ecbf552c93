# Просьба о картинке и сама картинка.

imagine-ask = Что нарисовать? Опишите в нескольких словах.
imagine-ask-placeholder = рыжая лиса в снегу

# Заметка, с первой секунды до картинки. $seconds и $usual — целые секунды.
imagine-queued = ⏳ Место в очереди: { $place }
imagine-next = ⏳ Следующая в очереди
imagine-starting = ✨ Начинаю
imagine-usually = обычно { $usual } с
imagine-drawing = 🎨 Рисую · { $seconds } с
imagine-drawing-of = 🎨 Рисую · { $seconds } с примерно из { $usual } с
imagine-drawing-slow = 🎨 Рисую · { $seconds } с · дольше обычного
imagine-service-queue = ⏳ Место в очереди сервиса: { $place }
imagine-left = осталось около { $seconds } с
imagine-left-minutes = осталось около { $minutes } мин
imagine-waiting = ⏳ Сервис занят. Я пробую снова и снова, от вас ничего не нужно.
imagine-arriving = 🖼 Картинка готова и уже в пути.
imagine-delivered = 🖼 Картинка уже в чате.
imagine-cancelled = Отменено. Ничего не списано.
imagine-expired = Картинка ждала показа целые сутки, и я её убрал. Ничего не списано; можно попросить ещё раз.
imagine-unsure = 🖼 Картинка готова, но я не увидел, дошла ли она. Если её здесь нет, нажмите кнопку, и я покажу её; это ничего не добавит к цене.
imagine-free = Ничего не списано
imagine-number = номер

# Кнопки под заметкой.
imagine-cancel = Отменить
imagine-status = Как идёт дело?
imagine-show = Показать картинку
imagine-retry = Попробовать ещё раз
imagine-other-model = Другая модель

# Кнопки под картинкой.
imagine-again = Ещё раз
imagine-vary = Вариант
imagine-edit = Изменить
imagine-ratio = Формат
imagine-model = Модель
imagine-original = Оригинал
imagine-info = Сведения
imagine-favorite = ☆ В избранное
imagine-favorite-on = ★ В избранном
imagine-delete = Удалить
imagine-delete-yes = Удалить эту картинку
imagine-delete-no = Оставить
imagine-back = « Назад
imagine-copy = Скопировать команду
imagine-take-words = Нарисовать своё
imagine-model-priced = { $model } · { $price }
imagine-service = { $service } · { $count ->
    [one] { $count } модель
    [few] { $count } модели
   *[many] { $count } моделей
}

# Короткие ответы на нажатие.
imagine-choose-model = Кто будет рисовать? Число — цена в кредитах.
imagine-choose-service = Чьи модели показать?
imagine-started = Рисую.
imagine-ratio-started = Рисую в формате { $ratio } и запомню его.
imagine-model-started = Рисует { $model }. Я запомню эту модель.
imagine-original-coming = Оригинал уже в пути.
imagine-original-gone = Оригиналы я храню { $time }, и этого уже нет. Лучше того, что вы видите, ничего не осталось.
imagine-words-gone =
    { $days ->
        [one] Слова картинки я храню { $days } день, и этих уже нет. Пришлите их ещё раз, и я нарисую снова.
        [few] Слова картинки я храню { $days } дня, и этих уже нет. Пришлите их ещё раз, и я нарисую снова.
        [many] Слова картинки я храню { $days } дней, и этих уже нет. Пришлите их ещё раз, и я нарисую снова.
       *[other] Слова картинки я храню { $days } дня, и этих уже нет. Пришлите их ещё раз, и я нарисую снова.
    }
imagine-days =
    { $days ->
        [one] { $days } день
        [few] { $days } дня
       *[many] { $days } дней
    }
imagine-hours =
    { $hours ->
        [one] { $hours } час
        [few] { $hours } часа
       *[many] { $hours } часов
    }
imagine-too-many-waiting =
    { $most ->
        [1] В очереди у каждого может быть одна картинка. Ваша уже в пути: попросите ещё раз, когда она придёт.
        [one] В очереди у каждого может быть не больше { $most } картинки. Ваши уже в пути: попросите ещё раз, когда часть из них придёт.
       *[other] В очереди у каждого может быть не больше { $most } картинок. Ваши уже в пути: попросите ещё раз, когда часть из них придёт.
    }
imagine-already-drawing = Я это уже рисую.
imagine-not-yours = Эти кнопки принадлежат тому, кто попросил картинку.
imagine-favorite-added = Картинка теперь среди избранных: /favorites.
imagine-favorite-removed = Картинка больше не среди избранных.
imagine-deleted-before = Эта картинка удалена.
imagine-old-button = Эта кнопка больше не работает. /settings, /history и /help всегда на месте.
imagine-model-gone = Этой модели больше нет. Пожалуйста, выберите другую.
imagine-no-model = Ни один сервис ещё не настроен. Пожалуйста, скажите об этом администратору.
imagine-model-not-here = В этом чате { $model } не рисует. Здесь рисуют: { $models }. Назовите модель после --model.
imagine-no-model-here = Среди моделей, разрешённых в этом чате, нет той, что это нарисует. Администратор чата может изменить это в /settings.
imagine-wish-gone = Этих слов у меня больше нет. Пожалуйста, напишите их ещё раз.

# Подпись. $seconds — целые секунды.
imagine-seed = seed
imagine-without = без: { $what }
imagine-variation = вариант { $number }
imagine-preset = пресет { $name }
imagine-stood-in = Нарисовано моделью { $model } вместо { $wished }
imagine-ratio-instead = { $ratio } вместо { $wished }
imagine-no-seed = { $model } не принимает seed
imagine-took = { $seconds } с
imagine-credits-left = { $credits ->
    [one] остался { $credits } кредит
    [few] осталось { $credits } кредита
   *[many] осталось { $credits } кредитов
}
imagine-deleted = Удалено из вашей истории. Саму картинку Telegram позволяет забрать только в первые два дня.

# Сведения.
imagine-info-size = Размер
imagine-info-time = Нарисовано за
imagine-info-date = Дата
imagine-info-price = Цена
imagine-info-preset = Пресет
imagine-info-id = Id
imagine-date = { $date } UTC
imagine-credits = { $credits ->
    [one] { $credits } кредит
    [few] { $credits } кредита
   *[many] { $credits } кредитов
}

# Просьбы, которые нельзя нарисовать так, как они написаны. За них ничего не списывается.
imagine-unknown-flag = Я не знаю --{ $flag }. Вот что знаю: { $allowed }
imagine-flag-without-value = После --{ $flag } чего-то не хватает.
imagine-bad-ratio = Формат { $value } я нарисовать не могу. Есть такие: { $allowed }
imagine-bad-count = За один раз я рисую от 1 до { $most } картинок.
imagine-bad-seed = Seed — это целое число от 0 до { $most }.
imagine-unknown-model = Я не знаю модель { $model }. Есть такие: { $allowed }
imagine-unknown-preset = Я не знаю пресета { $preset }. Есть такие: { $allowed }
imagine-no-presets = Пресетов здесь нет. Без пресета нарисую так, как вы написали.
imagine-too-long = { $model } понимает самое большее { $limit } { $limit ->
    [one] символ
    [few] символа
   *[many] символов
}, а здесь их { $length }. Пожалуйста, напишите короче.
imagine-mended = Нарисовать с { $fix }
imagine-mended-without = Нарисовать без этого

# Слова, которые ждали, пока бота не было.
imagine-stale = Вы просили об этом, пока меня не было. Ещё нужно?
imagine-stale-yes = Да, нарисуй

# Нарисовано, пока человек не пускал бота к себе.
imagine-missed = Пока вас не было, я закончил для вас картинку. За неё ничего не списано. Я храню её один день:
imagine-missed-show = { $price ->
    [0] Показать
    [one] Показать за { $price } кредит
    [few] Показать за { $price } кредита
   *[other] Показать за { $price } кредитов
}
imagine-missed-gone = Эта картинка уже здесь, или я хранил её сколько мог. Её можно попросить ещё раз.

imagine-only-words = Я рисую по словам: напишите /imagine и что хотите увидеть — отдельно или под картинкой, которую нужно изменить. Остальное в /help.

# Картинки, которые нужно изменить.
imagine-change = Что изменить? Напишите в ответ на это сообщение.
imagine-change-placeholder = пусть будет ночь
imagine-change-gone = Эту картинку я держал только для того, кого спросил, и не навсегда. Пришлите картинку с командой /imagine и словами, что изменить.
imagine-no-editor = Сейчас ни один из моих сервисов не умеет менять картинки.
imagine-edit-offer = { $model } не умеет менять картинки. Умеет { $other }, { $price ->
    [0] бесплатно
    [one] за { $price } кредит
    [few] за { $price } кредита
   *[other] за { $price } кредитов
}.
imagine-dearer = { $model } больше не предлагается. Вместо неё нарисует { $other }, за { $price ->
    [one] { $price } кредит
    [few] { $price } кредита
   *[other] { $price } кредитов
}.
imagine-costs-more = { $model } теперь стоит { $price ->
    [one] { $price } кредит
    [few] { $price } кредита
   *[other] { $price } кредитов
}. Нажмите ещё раз, если всё ещё хотите.
imagine-needs-picture = { $model } меняет картинки: пришлите её вместе со словами или ответьте на неё.
imagine-second-picture = { $model } меняет по одной картинке за раз, так что вторая лишняя.
