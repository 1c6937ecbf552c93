# Asking for a picture and getting it.

imagine-ask = What shall I draw? Describe it in a few words.
imagine-ask-placeholder = a red fox in the snow

imagine-only-words = I draw from words: write /imagine and what you would like to see, alone or below a picture that shall change. /help tells the rest.

# Pictures to change.
imagine-change = What should change? Tell me in a reply to this message.
imagine-change-placeholder = make it night
imagine-change-gone = I kept this picture only for whoever I asked, and not for ever. Send a picture with /imagine and what should change.
imagine-no-editor = No service that I know can change pictures right now.
imagine-edit-offer = { $model } cannot change pictures. { $other } can, for { $price ->
    [0] nothing
    [one] one credit
   *[other] { $price } credits
}.
imagine-dearer = { $model } is not offered any more. { $other } would draw this, for { $price ->
    [one] one credit
   *[other] { $price } credits
}.
imagine-costs-more = { $model } costs { $price ->
    [one] one credit
   *[other] { $price } credits
} by now. Press once more if you still want it.
imagine-needs-picture = { $model } changes pictures: send one with your words, or reply to one.
imagine-second-picture = { $model } changes one picture at a time, so the second one is too many.

# The note, from the first moment to the picture. $seconds and $usual are whole seconds.
imagine-queued = ⏳ Place { $place } in the queue
imagine-next = ⏳ Next in the queue
imagine-starting = ✨ Starting
imagine-usually = usually { $usual } s
imagine-drawing = 🎨 Drawing · { $seconds } s
imagine-drawing-of = 🎨 Drawing · { $seconds } s of about { $usual } s
imagine-drawing-slow = 🎨 Drawing · { $seconds } s · longer than usual
imagine-service-queue = ⏳ Place { $place } in the queue of the service
imagine-left = about { $seconds } s left
imagine-left-minutes = about { $minutes } min left
imagine-waiting = ⏳ The service is busy. I keep trying, you need not do anything.
imagine-arriving = 🖼 Your picture is ready and on its way.
imagine-delivered = 🖼 Your picture is in the chat.
imagine-cancelled = Cancelled. Nothing was charged.
imagine-expired = This picture waited a day to be shown, so I put it away. Nothing was charged; you can ask again.
imagine-unsure = 🖼 Your picture is ready, but I could not see whether it arrived. If it is not here, let me show it; it costs nothing more.
imagine-free = Nothing was charged
imagine-number = number

# Buttons under the note.
imagine-cancel = Cancel
imagine-status = How is it going?
imagine-show = Show the picture
imagine-retry = Try again
imagine-other-model = Another model

# Buttons under the picture.
imagine-again = Again
imagine-vary = Vary
imagine-edit = Edit
imagine-ratio = Ratio
imagine-model = Model
imagine-original = Original
imagine-info = Info
imagine-favorite = ☆ Favorite
imagine-favorite-on = ★ Favorite
imagine-delete = Delete
imagine-delete-yes = Delete this picture
imagine-delete-no = Keep it
imagine-back = « Back
imagine-copy = Copy the command
imagine-take-words = Draw your own
imagine-model-priced = { $model } · { $price }
imagine-service = { $service } · { $count ->
    [one] { $count } model
   *[other] { $count } models
}

# Short answers to a press.
imagine-choose-model = Who shall draw it? The number is the price in credits.
imagine-choose-service = Whose models would you like to see?
imagine-started = On it.
imagine-ratio-started = On it, in { $ratio }. I will keep this ratio.
imagine-model-started = On it, by { $model }. I will keep this model.
imagine-original-coming = The original is on its way.
imagine-original-gone = I keep original files for { $time }, and this one is gone. What you see is the best that is left.
imagine-words-gone =
    { $days ->
        [one] I keep the words of a picture for one day, and these are gone. Send them once more, and I draw it again.
       *[other] I keep the words of a picture for { $days } days, and these are gone. Send them once more, and I draw it again.
    }
imagine-days =
    { $days ->
        [one] one day
       *[other] { $days } days
    }
imagine-hours =
    { $hours ->
        [one] one hour
       *[other] { $hours } hours
    }
imagine-too-many-waiting =
    { $most ->
        [one] I keep one picture waiting for each person. Yours is on the way: ask again when it is here.
       *[other] I keep at most { $most } pictures waiting for each person. Yours are on the way: ask again when some of them are here.
    }
imagine-already-drawing = I am already drawing that.
imagine-not-yours = These buttons belong to whoever asked for the picture.
imagine-favorite-added = It is among your /favorites now.
imagine-favorite-removed = It is no longer among your favorites.
imagine-deleted-before = This picture was deleted.
imagine-old-button = This button no longer works. /settings, /history and /help are always there.
imagine-model-gone = This model is not offered any more. Please choose another one.
imagine-no-model = No service is set up to draw. Please tell the admin.
imagine-model-not-here = { $model } may not draw in this chat. What may: { $models }. Name one with --model.
imagine-no-model-here = No model that may draw in this chat can draw this. An admin of the chat can change that in /settings.
imagine-wish-gone = I no longer have these words. Please write them once more.

# The caption. $seconds are whole seconds.
imagine-seed = seed
imagine-without = without { $what }
imagine-variation = variation { $number }
imagine-preset = preset { $name }
imagine-stood-in = { $model } drew this in place of { $wished }
imagine-ratio-instead = { $ratio } instead of { $wished }
imagine-no-seed = { $model } takes no seed
imagine-took = { $seconds } s
imagine-credits-left = { $credits ->
    [one] { $credits } credit left
   *[other] { $credits } credits left
}
imagine-deleted = Deleted from your history. Telegram lets me take a picture itself back for two days only.

# Info.
imagine-info-size = Size
imagine-info-time = Drawn in
imagine-info-date = Date
imagine-info-price = Price
imagine-info-preset = Preset
imagine-info-id = Id
imagine-date = { $date } UTC
imagine-credits = { $credits ->
    [one] { $credits } credit
   *[other] { $credits } credits
}

# Wishes that cannot be drawn as typed. Nothing is spent by them.
imagine-unknown-flag = I do not know --{ $flag }. What I know: { $allowed }
imagine-flag-without-value = Something is missing after --{ $flag }.
imagine-bad-ratio = I cannot draw { $value }. The ratios are: { $allowed }
imagine-bad-count = I draw 1 to { $most } pictures at once.
imagine-bad-seed = A seed is a whole number from 0 to { $most }.
imagine-unknown-model = I do not know the model { $model }. There are: { $allowed }
imagine-unknown-preset = I do not know the preset { $preset }. There are: { $allowed }
imagine-no-presets = There are no presets here. Without one I draw it as you wrote it.
imagine-too-long = { $model } takes at most { $limit } characters, and these are { $length }. Please shorten your words.
imagine-mended = Draw with { $fix }
imagine-mended-without = Draw without it

# Words that waited while the bot was away.
imagine-stale = You asked for this while I was away. Do you still want it?
imagine-stale-yes = Yes, draw it

# Drawn while the person had blocked the bot.
imagine-missed = While you were away I finished a picture for you. Nothing was charged for it. I keep it for a day:
imagine-missed-show = { $price ->
    [0] Show it
    [one] Show it for one credit
   *[other] Show it for { $price } credits
}
imagine-missed-gone = This picture is here already, or I kept it as long as I could. You can ask for it again.
