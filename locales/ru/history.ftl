# Галерея /history.

history-empty = Картинок пока нет. Напишите, что хотите увидеть.
history-in-private = Ваши картинки только для вас: отправьте /history в нашем личном чате.
history-newer = ← Новее
history-older = Старше →
history-deleted = Удалено.
history-gone = Этой картинки нет в вашей истории. Отправьте /history, чтобы открыть свою.
