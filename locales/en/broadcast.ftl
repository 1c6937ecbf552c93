# News from the operator: /broadcast, its panel, and the button below each letter.

broadcast-needs-reply = Which words? Write them after /broadcast, or send /broadcast as a reply to them or to one picture.
broadcast-too-long = The words below the picture are too long: I may send { $most } characters with one.
broadcast-preview = That is what people will see. Who gets it?
broadcast-everybody = Everybody
broadcast-active =
    { $days ->
        [one] Active today
       *[other] Active in { $days } days
    }
broadcast-any-language = In any language
broadcast-people =
    { $people ->
        [0] Nobody can be told.
        [one] { $people } person can be told.
       *[other] { $people } people can be told.
    }
broadcast-counting = Counting people…
broadcast-unmet =
    { $people ->
        [one] { $people } more has never written to me in private: I may not write first, so I do not try.
       *[other] { $people } more have never written to me in private: I may not write first, so I do not try.
    }
broadcast-plainer = Your own emoji become ordinary ones: bots may not send them. Above you see what people will see.
broadcast-send =
    { $people ->
        [one] Send to { $people } person
       *[other] Send to { $people } people
    }
broadcast-send-uncounted = Send
broadcast-question =
    Send it to { $people ->
        [one] { $people } person
       *[other] { $people } people
    } now? It takes { $minutes ->
        [one] about a minute
       *[other] about { $minutes } minutes
    }, because pictures go first.
broadcast-yes =
    { $people ->
        [one] Yes, to { $people } person
       *[other] Yes, to { $people } people
    }
broadcast-drop = Forget it
broadcast-dropped = Forgotten. Nobody was told.
broadcast-stop = Stop

broadcast-running = Sending: { $passed } of { $total }
broadcast-stopped = Stopped after { $passed } of { $total }
broadcast-done = Sent to all { $passed }
broadcast-delivered = Delivered: { $people }
broadcast-blocked = Blocked me: { $people }
broadcast-failed = Could not be told: { $people }
broadcast-unknown = May have arrived, and is not sent again: { $people }

broadcast-is-stopped = Stopped. Nobody else is told.
broadcast-over = This is over already.
broadcast-nobody = Nobody can be told.
broadcast-another = Another one is on its way: { $passed } of { $total }. Send this one when that is done; /broadcast shows how it goes.
broadcast-asked-long-ago = That was a while ago. Look at the number, and say yes once more.
broadcast-not-yours = Only whoever runs this bot can do this.

broadcast-no-more = No more news
broadcast-more-again = News again
broadcast-news-off = You get no more news from whoever runs this bot. The button brings them back.
broadcast-news-on = You get news from whoever runs this bot again.

command-broadcast = Write to everybody, in these words

panel-did-broadcast = wrote to everybody ({ $detail })
panel-did-broadcast-stop = stopped writing to everybody
