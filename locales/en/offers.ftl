# Models, prices and presets in the panel.

offers-models = Models
offers-prices = Prices
offers-presets = Presets
offers-which-service = Of which service?
offers-service = { $service } · { $on } of { $all } on
offers-service-off = This service is turned off as a whole.
offers-models-how = Press a model to turn it on or off. ☆ lets it go first where another one must stand in.
offers-kept = not offered
offers-own-price = its own price
offers-last = Then nothing could be drawn at all, so it stays on.
offers-go-elsewhere =
    { $count ->
        [one] { $count } picture that waits for it goes to another model, for no more credits.
       *[other] { $count } pictures that wait for it go to another model, for no more credits.
    }
offers-file-prices = The names on the right are lines of your file of prices. It is read again within half a minute after an edit.
offers-no-file-prices = There is no file of prices.
offers-presets-how = Press one to turn it on or off, or ✎ to see how it asks. Pictures that were asked for with it stay as they are. To write one: /preset oils soft oils on canvas --ar 3:4
offers-file-presets = What was not set here is from your file of presets. It is read again within half a minute after an edit.
offers-no-file-presets = There is no file of presets, so what was not set here is what I come with.
