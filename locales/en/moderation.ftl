# What may be asked for and shown: /block, refusals, Report, and what moderators decide.

moderation-refused = I do not draw that here. Nothing was charged; I am glad to draw something else.
moderation-paused =
    { $minutes ->
        [one] Too much could not be drawn lately. Let us go on in { $minutes } minute.
       *[other] Too much could not be drawn lately. Let us go on in { $minutes } minutes.
    }
moderation-away = I cannot look at these words now, so I draw nothing. Nothing was charged; please try again in a minute.

moderation-blocked = “{ $rule }” is not drawn any more: { $where }.
moderation-unblocked = “{ $rule }” may be drawn again.
moderation-not-blocked = “{ $rule }” is on no list. /block shows them.
moderation-no-words = Which words? Write them after the command, such as /block big cat*.
moderation-too-long = A rule has { $letters } letters and { $words } words at most.
moderation-too-wide = That would match nearly everything. Write two letters in a row at least, and words around a lone *.
moderation-unknown-kind = Behind --in I know: { $kinds }.
moderation-full = The lists hold { $most } rules. Take one off with /unblock first.
moderation-list =
    { $rules ->
        [0] Nothing is blocked.
        [one] { $rules } rule
       *[other] { $rules } rules
    }
moderation-how = /block words, /block words --in groups,inline and /unblock words. A * stands for any letters of a word: cat* is cats, too.
moderation-more = More →
moderation-first = ← Beginning
moderation-in-private = private chats
moderation-in-groups = groups
moderation-in-channels = channels
moderation-in-inline = inline mode

review-report = Report
review-own = This one is yours: Delete takes it away.
review-thanks = Thank you. Somebody will look at it.
review-reported = Somebody reported this picture
review-held = Shown only once somebody has looked: the service that judges words is not sure
review-too-late = This is over: it was cancelled, or nobody had looked for too long.
review-open =
    { $reports ->
        [one] { $reports } picture waits for a look.
       *[other] { $reports } pictures wait for a look.
    }
review-about = Drawn for { $person } in { $chat }
review-about-private = Drawn for { $person }, in private
review-allow = Allow
review-veil = Spoiler
review-refuse = Refuse
review-return = Refuse, give credits back
review-decided = Done.
review-decided-before = Somebody was quicker.
review-is-allow = Allowed by { $moderator }
review-is-veil = Veiled by { $moderator }
review-is-refuse = Refused by { $moderator }
review-is-return = Refused by { $moderator }, credits given back
review-gone = A moderator took this picture away.
review-owner-refuse = A moderator took one of your pictures out of a group. Please leave such pictures out there.
review-owner-return =
    { $credits ->
        [one] A moderator took one of your pictures out of a group. It is not your fault: { $credits } credit is yours again.
       *[other] A moderator took one of your pictures out of a group. It is not your fault: { $credits } credits are yours again.
    }

panel-did-block = blocked “{ $subject }” in: { $detail }
panel-did-unblock = unblocked “{ $subject }”
panel-did-review-allow = allowed the picture { $subject } of { $detail }
panel-did-review-veil = veiled the picture { $subject } of { $detail }
panel-did-review-refuse = refused the picture { $subject } of { $detail }
panel-did-review-return = refused the picture { $subject } of { $detail } and gave the credits back

command-block = Words that are not drawn
command-unblock = Let words be drawn again
