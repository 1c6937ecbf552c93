# /settings и /language.

settings-title = Ваши настройки
settings-intro = Они действуют, если в запросе вы не просите иначе.
settings-model = Модель: { $model }
settings-stand-in = Модель { $wished } сейчас недоступна. Вместо неё рисует { $model }.
settings-ratio = Формат: { $ratio }
settings-preset = Пресет: { $preset }
settings-no-preset = без пресета
settings-as-photo = Картинки приходят как фото
settings-as-file = Картинки приходят файлами
settings-plain-on = Рисовать по словам без команды: да
settings-plain-off = Рисовать по словам без команды: нет
settings-language = Язык: { $language }
settings-done = Готово

settings-choose-model = Кто будет рисовать? Число — цена картинки в кредитах.
settings-choose-ratio = Ширина к высоте. Здесь только то, что умеет ваша модель.
settings-choose-language = На каком языке мне с вами говорить?
settings-language-auto = Как в моём приложении

settings-saved = Сохранено.
settings-not-yours = Это чужие настройки. Отправьте /settings, чтобы открыть свои.
settings-not-offered = Этого больше нет в списке.
