# Prices and presets that admins set in the chat.

command-price = What a model costs
command-preset = Write or delete a preset

offers-yes = Yes
offers-no = No
offers-done = Done. It counts from now on.
offers-meanwhile = It was changed meanwhile, so I left it alone. This is how it is now.
offers-set-here = set here by { $who } on { $day }
offers-set-here-long-ago = set here on { $day }
offers-set-here-short = set here
offers-prices-how = Press a model to change its price.

price-now = Now: { $price }
price-without = Without that: { $price }
price-whole = { $price } ({ $source })
price-change =
    { $before }
    → { $after }
price-from-now-on = set here, from now on
price-from-file = line { $rule } of the file
price-nobody-knows = what its service says
price-unlisted = Its service does not list it now.
price-turned-off = It is turned off under Models, so nobody can ask for it.
price-proposed = New: { $price }. Nothing has changed yet.
price-waiting =
    { $count ->
        [one] { $count } picture that waits for it keeps its price.
       *[other] { $count } pictures that wait for it keep their price.
    }
price-set-to = Set to { $price }
price-free = Free
price-not-offered = Not offered
price-back-to-file = Back to the file
price-back-to-own = Back to its own price
price-nearest = I do not know the model { $model }. Did you mean this one?
price-unknown = I do not know the model { $model }. /price shows them all.
price-how = A price is a whole number of credits from 0 to { $most }, or off, or file. Write it behind the model: /price onlysq/flux 5
price-same = { $model } costs that already, set here.
price-nothing-here = No price was set here for { $model }.

look-delete = Delete
look-delete-sure = Delete the preset { $preset } that was written here?
look-then-back = Then this one counts again:
look-pictures-stay = Pictures that were asked for with it keep their look.
look-new = New preset:
look-example = a red fox
look-asks = “{ $words }” is then asked for as
look-from-file = from your file of presets
look-shipped = one of those that I come with
look-comes-back = When it is deleted, the { $before } of before counts again.
look-turned-off = It is turned off, so nobody can ask for it.
look-not-there = There is no preset { $preset } now.
look-nearest = I do not know the preset { $preset }. Did you mean this one?
look-nearest-model = I do not know the model { $model }; the nearest is { $nearest }.
look-mended = Then it would be:
look-unknown =
    I do not know the preset { $preset }. To write it: /preset { $preset } soft oils on canvas --ar 3:4
    There are: { $allowed }
look-bad-name = A name has letters, digits, - and _, 32 at most. For example: /preset oils soft oils on canvas --ar 3:4
look-none = The name none stands for no preset at all. Please take another one.
look-flags = A preset takes words and { $allowed }, nothing else.
look-too-long = That is { $length } letters long; { $most } fit.
look-too-many = There are { $most } presets already, and no more fit. Delete one first.
look-same = It is that already, written here.
look-not-here = It was not written here, so there is nothing to delete. It can be turned off.
look-gone = That preset is not there any more. /preset shows them all.

panel-did-price = changed the price of { $subject }: { $detail }
panel-did-preset = wrote { $subject }: { $detail }
panel-did-preset-delete = deleted { $subject }: { $detail }
