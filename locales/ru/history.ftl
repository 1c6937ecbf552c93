# Галерея /history.

history-empty = Картинок пока нет. Напишите, что хотите увидеть.
history-in-private = Ваши картинки только для вас: отправьте /history в нашем личном чате.
history-newer = « Новее
history-older = Старше »
history-again = Ещё раз
history-original = Оригинал
history-delete = Удалить
history-delete-yes = Удалить эту картинку
history-delete-no = Оставить
history-seed = seed { $seed }
history-deleted = Удалено.
history-deleted-here = Удалено из вашей истории. Telegram позволяет забрать сообщение только в первые два дня, поэтому старое останется в чате.
history-gone = Этой картинки нет в вашей истории. Отправьте /history, чтобы открыть свою.
