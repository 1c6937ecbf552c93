# Цены и пресеты, которые админы меняют в чате.

command-price = Сколько стоит модель
command-preset = Записать или удалить пресет

offers-yes = Да
offers-no = Нет
offers-done = Готово. Действует с этой минуты.
offers-meanwhile = За это время всё изменилось, поэтому я ничего не трогаю. Вот как сейчас.
offers-set-here = задано здесь: { $who }, { $day }
offers-set-here-long-ago = задано здесь { $day }
offers-set-here-short = задано здесь
offers-prices-how = Нажмите на модель, чтобы изменить её цену.

price-now = Сейчас: { $price }
price-without = Без этого: { $price }
price-whole = { $price } ({ $source })
price-change =
    { $before }
    → { $after }
price-from-now-on = задано здесь, с этой минуты
price-from-file = строка { $rule } в файле
price-nobody-knows = сколько скажет сервис
price-unlisted = Сейчас её нет в списке сервиса.
price-turned-off = Она выключена в разделе «Модели», поэтому заказать её нельзя.
price-proposed = Новая: { $price }. Пока ничего не изменилось.
price-waiting =
    { $count ->
        [one] Её ждёт { $count } картинка: цена для неё прежняя.
        [few] Её ждут { $count } картинки: цена для них прежняя.
       *[many] Её ждут { $count } картинок: цена для них прежняя.
    }
price-set-to = Поставить { $price }
price-free = Бесплатно
price-not-offered = Не предлагать
price-back-to-file = Снова по файлу
price-back-to-own = Снова её собственная
price-nearest = Не знаю модели { $model }. Может быть, вы об этой?
price-unknown = Не знаю модели { $model }. Все модели покажет /price.
price-how = Цена — целое число кредитов от 0 до { $most }, или off, или file. Напишите её после модели: /price onlysq/flux 5
price-same = { $model } уже стоит столько, и задано это здесь.
price-nothing-here = Для { $model } здесь цену не задавали.

look-delete = Удалить
look-delete-sure = Удалить пресет { $preset }, записанный здесь?
look-then-back = Тогда снова действует этот:
look-pictures-stay = Уже заказанные с ним картинки не изменятся.
look-new = Новый пресет:
look-example = рыжая лиса
look-asks = «{ $words }» тогда превратится в
look-from-file = из вашего файла пресетов
look-shipped = один из тех, что есть у меня с самого начала
look-comes-back = Если удалить его, снова действует прежний { $before }.
look-turned-off = Он выключен, поэтому заказать с ним нельзя.
look-not-there = Пресета { $preset } сейчас нет.
look-nearest = Не знаю пресета { $preset }. Может быть, вы об этом?
look-nearest-model = Не знаю модели { $model }; ближайшая — { $nearest }.
look-mended = Тогда получится вот что:
look-unknown =
    Не знаю пресета { $preset }. Записать такой: /preset { $preset } soft oils on canvas --ar 3:4
    Есть: { $allowed }
look-bad-name = В имени — буквы, цифры, - и _, не больше 32. Например: /preset oils soft oils on canvas --ar 3:4
look-none = Имя none значит «без пресета». Возьмите, пожалуйста, другое.
look-flags = Пресету нужны слова и { $allowed }, больше ничего.
look-too-long = Здесь знаков: { $length }, а помещается { $most }.
look-too-many = Пресетов уже { $most }, больше не помещается. Сначала удалите какой-нибудь.
look-same = Он уже такой, и записан здесь.
look-not-here = Он записан не здесь, поэтому удалять нечего. Его можно выключить.
look-gone = Этого пресета больше нет. Все пресеты покажет /preset.

panel-did-price = «{ $subject }»: цена { $detail }
panel-did-preset = «{ $subject }»: записано: { $detail }
panel-did-preset-delete = «{ $subject }»: удалено: { $detail }
