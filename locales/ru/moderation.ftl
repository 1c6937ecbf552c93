# Что можно просить и показывать: /block, отказы, жалобы и решения модераторов.

moderation-refused = Такое я здесь не рисую. Ничего не списано; с радостью нарисую что-нибудь другое.
moderation-paused =
    { $minutes ->
        [one] В последнее время слишком многое не удалось нарисовать. Продолжим через { $minutes } минуту.
        [few] В последнее время слишком многое не удалось нарисовать. Продолжим через { $minutes } минуты.
       *[many] В последнее время слишком многое не удалось нарисовать. Продолжим через { $minutes } минут.
    }
moderation-away = Сейчас я не могу проверить эти слова, поэтому не рисую. Ничего не списано; попробуйте, пожалуйста, через минуту.

moderation-blocked = «{ $rule }» больше не рисуется: { $where }.
moderation-unblocked = «{ $rule }» снова можно рисовать.
moderation-not-blocked = «{ $rule }» нет ни в одном списке. Списки показывает /block.
moderation-no-words = Какие слова? Напишите их после команды, например /block big cat*.
moderation-too-long = В правиле не больше { $letters } букв и { $words } слов.
moderation-too-wide = Под это подошло бы почти всё. Нужны хотя бы две буквы подряд, а * отдельным словом не бывает.
moderation-unknown-kind = После --in я знаю: { $kinds }.
moderation-full = В списках помещается { $most } правил. Сначала уберите одно командой /unblock.
moderation-list =
    { $rules ->
        [0] Ничего не запрещено.
        [one] { $rules } правило
        [few] { $rules } правила
       *[many] { $rules } правил
    }
moderation-how = /block слова, /block слова --in groups,inline и /unblock слова. Знак * заменяет любые буквы слова: кот* — это и «коты».
moderation-more = Дальше →
moderation-first = ← В начало
moderation-in-private = личные чаты
moderation-in-groups = группы
moderation-in-channels = каналы
moderation-in-inline = инлайн-режим

review-report = Пожаловаться
review-own = Эта картинка ваша: её уберёт кнопка «Удалить».
review-thanks = Спасибо. На неё посмотрят.
review-reported = На эту картинку пожаловались
review-held = Покажется, только когда кто-нибудь посмотрит: служба, которая оценивает слова, не уверена
review-too-late = Уже поздно: просьбу отменили, или слишком долго никто не смотрел.
review-open =
    { $reports ->
        [one] { $reports } картинка ждёт взгляда.
        [few] { $reports } картинки ждут взгляда.
       *[many] { $reports } картинок ждут взгляда.
    }
review-about = Нарисована для { $person } в { $chat }
review-about-private = Нарисована для { $person }, в личном чате
review-allow = Разрешить
review-veil = Под спойлер
review-refuse = Убрать
review-return = Убрать и вернуть кредиты
review-decided = Готово.
review-decided-before = Кто-то решил раньше.
review-is-allow = Разрешено: { $moderator }
review-is-veil = Скрыто под спойлер: { $moderator }
review-is-refuse = Убрано: { $moderator }
review-is-return = Убрано, кредиты возвращены: { $moderator }
review-gone = Эту картинку убрал модератор.
review-owner-refuse = Модератор убрал одну из ваших картинок из группы. Пожалуйста, не рисуйте там такое.
review-owner-return =
    { $credits ->
        [one] Модератор убрал одну из ваших картинок из группы. Это не ваша вина: { $credits } кредит снова ваш.
        [few] Модератор убрал одну из ваших картинок из группы. Это не ваша вина: { $credits } кредита снова ваши.
       *[many] Модератор убрал одну из ваших картинок из группы. Это не ваша вина: { $credits } кредитов снова ваши.
    }

panel-did-block = «{ $subject }» под запретом: { $detail }
panel-did-unblock = «{ $subject }» больше не под запретом
panel-did-review-allow = картинка { $subject } от { $detail } разрешена
panel-did-review-veil = картинка { $subject } от { $detail } под спойлером
panel-did-review-refuse = картинка { $subject } от { $detail } убрана
panel-did-review-return = картинка { $subject } от { $detail } убрана, кредиты возвращены

command-block = Слова, которые не рисуются
command-unblock = Снова разрешить слова
