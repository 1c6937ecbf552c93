# Groups and channels: their settings, and what their rules say no to.

chats-title = Settings of this chat
chats-title-of = Settings of { $chat }
chats-intro = They hold for everybody here. Only admins of this chat can change them.
chats-intro-afar = They hold for everybody there. Only admins of that chat can change them.
chats-pot = The pot holds { $left ->
        [one] { $left } credit.
       *[other] { $left } credits.
    } It pays first.
chats-who-all = Who may draw: everybody
chats-who-admins = Who may draw: admins of this chat
chats-models-all = Models: all
chats-models = Models: { $count }
chats-ceiling = Most a picture may cost: { $price }
chats-any-price = any price
chats-no-limit = no limit
chats-credits =
    { $credits ->
        [one] { $credits } credit
       *[other] { $credits } credits
    }
chats-spoiler-on = Pictures behind a spoiler: yes
chats-spoiler-off = Pictures behind a spoiler: no
chats-topic-all = Draw in this topic only: no
chats-topic-here = Draw in this topic only: yes
chats-topic-one = Draw in another topic only: yes
chats-tidy-on = Delete the command afterwards: yes
chats-tidy-off = Delete the command afterwards: no
chats-gap = Between two wishes of one person: { $gap }
chats-no-gap = no wait
chats-seconds = { $seconds } s
chats-minutes = { $minutes } min
chats-quiet-hours = Quiet: { $hours }
chats-never-quiet = never
chats-usual-zone = As the bot: { $zone }
chats-language = Language: { $language }
chats-own = everybody’s own
chats-language-own = Everybody’s own
chats-share = Pot, for each member a day: { $share }
chats-all-models = All models

chats-choose-models = Which models may draw here? Press one to allow it, once more to take that back. While none is marked, all may.
chats-choose-ceiling = What may a picture cost here at most?
chats-choose-gap = How long does one person wait between two wishes?
chats-choose-quiet = When shall I draw nothing here? The hours are those of { $zone }.
chats-choose-zone = In which zone are the quiet hours?
chats-choose-language = Which language shall I speak here?
chats-choose-share = How much of the pot may each member use in a day? Beyond that they pay for themselves.

chats-admins-decide = Only admins of that chat can change its settings. Your own are behind /settings in our private chat.
chats-who-leads = I could not find out who leads this chat. Please try again in a moment.
chats-admins-draw = In this chat only its admins may draw. In our private chat you can.
chats-other-topic = In this group I draw in one topic only. An admin of the group can change that in /settings.
chats-quiet = Quiet hours: I draw here again at { $time } ({ $zone }). In our private chat I draw now.
chats-asked-too-often =
    { $seconds ->
        [one] These were chats that are not yours. Please look at the name, and try again in { $seconds } second.
       *[other] These were chats that are not yours. Please look at the name, and try again in { $seconds } seconds.
    }
chats-too-soon =
    { $seconds ->
        [one] One after the other, please: you can wish again here in { $seconds } second.
       *[other] One after the other, please: you can wish again here in { $seconds } seconds.
    }
chats-not-let-in = I do not work in this chat. The person who runs this bot can let me in.
chats-let-me-in = I do not work in this chat yet. Send /allow here, or /allow { $chat } in our private chat.
chats-day-spent =
    { $hours ->
        [one] This chat has drawn all that it may draw today. It goes on in { $hours } hour at most; in our private chat I draw now.
       *[other] This chat has drawn all that it may draw today. It goes on in { $hours } hours at most; in our private chat I draw now.
    }
chats-turned-out = The person who runs this bot does not let me draw in this chat any more.

# To whoever brought the bot into a channel.
chats-post-unpaid = A post in { $channel } asked for a picture, but the pot of the channel does not hold enough. Whoever runs me can fill it: /grant { $number } 50
chats-post-left = In { $channel } a post stayed as it is. { $reason }
