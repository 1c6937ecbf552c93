# The panel of those who run the bot: /admin and what goes with it.

panel-title = Today
panel-figures-pictures = Pictures: { $pictures }, failed: { $failures }
panel-figures-people = People: { $people }
panel-figures-credits = Credits spent: { $credits }
panel-figures-queue = Waiting: { $queued }, being drawn: { $drawing }
panel-closed = Maintenance: nobody but admins begins new pictures. What was asked for before still comes.
panel-opened = Maintenance is over: everybody draws again.
panel-people = People
panel-services = Services
panel-access = Who may draw
panel-audit = Decisions
panel-close = Maintenance…
panel-open = End maintenance
panel-refresh = Refresh
panel-older = Older
panel-person = Person
panel-group = Group
panel-find = Find somebody…
panel-people-lately = Who drew in the last day. Find others by number, by name, or by a message of theirs.
panel-people-none = Nobody drew in the last day. Find people by number, by name, or by a message of theirs.
panel-whom = Whom? Send me a number, a name, or forward a message of theirs. I know the names of those who wrote since I was started, and keep none.
panel-several = Which one?
panel-nobody = I find nobody of that name. I know only the names of those who wrote since I was started; a number always works.
panel-hidden = This person hides who they are when their messages are forwarded. Ask them for their number, or look for their name.
panel-not-a-person = That was not written by a person but by a chat.
panel-groups-lately = Where I drew in the last week. Find others by number: /find and the number.
panel-groups-none = I drew in no group in the last week. Find one by number: /find and the number.
panel-commands = What you can type
panel-needs-moderator = Whom? Write /moderator 123456789, or /moderator 123456789 off.
command-moderator = Make a person a moderator, or no longer

panel-is-moderator = Moderator
panel-is-admin = Admin
panel-is-owner = Owner
panel-is-member = Let in
panel-is-no-member = Not let in by name
panel-is-banned = Shut out for good.
panel-is-banned-until = Shut out until { $when }.
panel-is-paused = Paused until { $when }: too much of what they asked for was refused.
panel-is-gone = Has blocked me, so I cannot write to them.
panel-forgotten = I know nothing of { $person } any more: they asked me to forget them.
panel-because = Reason: { $reason }
panel-balance = Credits left: { $left }, of which stay: { $kept }; held: { $held }
panel-daily = A day: { $daily }, as everybody
panel-own-daily = A day: { $daily }, their own limit
panel-drawn = Pictures in the last week: { $pictures }
panel-waiting = On the way: { $pictures }, for { $credits } in credits
panel-draws-in = Draws in: { $groups }
panel-group-in = Let in
panel-group-out = Not let in by number
panel-group-turned-out = Let out: I draw nothing there
panel-group-pot = In the pot: { $left }
panel-group-free = No limit of its own
panel-group-daily = May spend a day: { $daily }

panel-ban = Shut out…
panel-unban = Let in again
panel-forgive = End the pause
panel-forgiven = There is no pause any more, and what was refused counts no more.
panel-how-long = For how long is { $person } shut out? With a reason: /ban { $person } 7d the reason
panel-days =
    { $days ->
        [one] { $days } day
       *[other] { $days } days
    }
panel-for-good = For good
panel-ban-sure = Shut { $person } out for good? Pictures on the way that would be stopped: { $pictures }; credits that go back: { $credits }.
panel-ban-sure-until = Shut { $person } out until { $when }? Pictures on the way that would be stopped: { $pictures }; credits that go back: { $credits }.
panel-ban-yes = Shut out
panel-banned = { $person } is shut out. Pictures stopped: { $pictures }.
panel-unbanned = { $person } may write to me again.
panel-leave-it = Leave it
panel-left-alone = Left as it was.
panel-asked-before = That question was answered, or asked too long ago. Please begin anew.
panel-not-yours = That is for somebody with more rights here.
panel-not-about-them = Those who run the bot cannot be shut out (their numbers are in ADMIN_IDS), and moderators only by them.

panel-give = +{ $credits }
panel-take = −{ $credits }…
panel-given =
    { $credits ->
        [one] { $credits } credit given.
       *[other] { $credits } credits given.
    }
panel-take-sure = Credits to take from { $person }: { $credits }. Take them? There are { $left } that stay. Those of the day, and what is held for pictures on the way, are not touched.
panel-take-yes = Take them
panel-taken =
    { $credits ->
        [one] { $credits } credit taken.
       *[other] { $credits } credits taken.
    }
panel-nothing-to-take = There are no credits that stay, so nothing can be taken. For those of the day set a limit.
panel-limit = Limit of the day…
panel-limit-group = Limit of the day…
panel-limit-usual = As everybody
panel-limit-none = No limit
panel-limit-how-many = How many credits a day?
panel-limit-set = Kept. It counts from their next day on.
panel-limit-set-group = Kept. It counts from now on.
panel-needs-limit = Whose, and how many a day? Write /limit 123456789 50, or /limit 123456789 { $word } for as many as everybody has.
panel-allow = Let in
panel-disallow = Let out
panel-name = Make moderator
panel-dismiss = No moderator any more
panel-named = Named a moderator.
panel-dismissed = No moderator any more.
panel-you-moderate = You look after people here now. /admin shows what you can do.

panel-let-out-sure = Let { $person } out? Pictures on the way, which still come: { $pictures }; credits that stay: { $credits }. With ACCESS=public everybody draws all the same: there /ban shuts people out.
panel-turn-out-sure = Let { $chat } out? Pictures drawn there in the last week: { $pictures }; credits in its pot, which stay: { $credits }. I draw nothing there until it is let in again.
panel-turn-out-leave-sure = Let { $chat } out? Pictures drawn there in the last week: { $pictures }; credits in its pot, which stay: { $credits }. I leave it, and somebody has to bring me back.
panel-let-out-yes = Let them out
panel-close-sure = Begin maintenance? Pictures on the way: { $pictures }; they still come. Nobody but admins begins new ones until you end it.
panel-close-yes = Begin maintenance
panel-on-or-off = Write /maintenance on or /maintenance off.

panel-access-lists = Who may do what
panel-members = Members
panel-moderators = Moderators
panel-banned-people = Shut out
panel-groups = Groups
panel-list-empty = Nobody is on this list.

panel-preset = the preset { $preset }
panel-somebody-forgotten = somebody forgotten
panel-no-decisions = Nothing was decided yet.
panel-did-allow = let { $subject } in
panel-did-disallow = let { $subject } out
panel-did-grant = gave { $subject } { $detail }
panel-did-take = took { $detail } from { $subject }
panel-did-ban = shut { $subject } out, for: { $detail }
panel-did-unban = let { $subject } in again
panel-did-forgive = ended the pause of { $subject }
panel-did-limit = set the limit of { $subject }: { $detail }
panel-did-name = made { $subject } a moderator
panel-did-dismiss = { $subject } is no moderator any more
panel-did-close = began maintenance
panel-did-open = ended maintenance
panel-did-words = read the words of { $subject }
panel-did-switch-off = turned { $subject } off
panel-did-switch-on = turned { $subject } on
panel-did-switch-try = let { $subject } be tried at once
panel-did-switch-prefer = preferred { $subject }
panel-did-switch-plain = preferred { $subject } no longer

imagine-maintenance = I am being looked after just now, so nothing new is drawn. What you asked for before still comes. Please try again in a while.

why-which = Of which picture? Write /why and its id, or the number that its person was told when it failed.
why-unknown = I find no such picture.
why-words-gone = The words of this picture are not kept any more.
why-title = Picture
why-status = { $status }, by { $model }, price in credits: { $price }
why-is-queued = Waiting
why-is-drawing = Being drawn
why-is-ready = Drawn, on its way into the chat
why-is-delivered = In the chat
why-is-failed = Failed
why-is-cancelled = Cancelled
why-is-expired = Expired
why-in-private = in private
why-in-group = in { $chat }
why-inline = in an inline message
why-asked = asked for by { $person }, { $where }
why-after = after { $parent }
why-started = drawing began
why-ended = ended: { $status }
why-deleted = deleted
why-tries =
    { $tries ->
        [one] Begun once, { $seconds } s at services
       *[other] Begun { $tries } times, { $seconds } s at services
    }
why-cause = Cause: { $cause }, number { $id }
why-interrupted = A process died while drawing it.
why-unsure = It was sent, and nobody knows whether it came.
why-entry = { $what } { $credits }, account { $account }
why-hold = held
why-settle = spent
why-release = given back
why-revoke = gone with its day
why-job = Work left: { $kind }, begun { $tries } times, next { $due }
why-job-held = Work in hand: { $kind }, begun { $tries } times
why-words = Show the words
why-wished = What was wished:

command-admin = Run the bot
command-find = Find a person by number or name
command-ban = Shut a person out
command-unban = Let a person in again
command-limit = Credits of a day for a person or a group
command-why = The whole life of one picture
command-maintenance = Begin or end maintenance
command-audit = Who decided what
