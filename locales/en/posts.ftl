# Drafts for channels: /post in private.

command-post = Draw a picture for your channel

post-how = Send /post with the words for a picture. I draw it here as a draft for your channel, and you publish it when you like it.
post-how-named = With several channels, name one: /post @yourchannel a red fox. There you and I must be admins who may post.
post-in-private = Drafts for channels are made in our private chat: send /post there.
post-no-channel = I know of no channel where both of us may post. Make me an admin there, or name it: /post @yourchannel a red fox
post-not-your-channel = This channel is not one where both of us are admins who may post, and where I may work.
post-which = For which channel?
post-gone = This draft is no longer there. Its words are still in /history.

post-publish = Publish in { $channel }
post-publish-now = Publish now
post-publish-again = It is not there: publish again
post-is-there = It is there
post-reroll = Reroll
post-caption = Edit caption
post-no-caption = No caption
post-schedule = Schedule
post-other-time = Other time
post-tomorrow = Tomorrow 9:00
post-in-hours =
    { $hours ->
        [one] In { $hours } hour
       *[other] In { $hours } hours
    }
post-take-back = Do not publish
post-sign = Signature
post-unsigned = No signature
post-other-signature = Other words
post-discard = Discard
post-cancel = Cancel
post-open = Open the post

post-ask-caption = What shall stand below the picture? Answer this message; bold, links and so on stay. Up to { $most } characters.
post-ask-time = When shall I publish it in { $channel }? Answer this message with a time of { $zone }, like 18:30 or { $example }.
post-ask-signature = With what shall posts in { $channel } be signed? Answer this message with up to { $most } characters, or with a dash for no signature. It counts for new drafts of all admins.
post-hint-caption = The caption
post-hint-time = 18:30
post-hint-signature = The signature
post-caption-set = The caption is set.
post-signature-set = Posts in { $channel } are signed so from now on.
post-as-it-was = Left as it was.
post-question-over = This question is over. Press the button below the picture once more.

post-too-long = Caption and signature have { $units } characters together, and Telegram takes { $most }. Please shorten them.
post-signature-long = A signature may have up to { $most } characters. Please shorten it.
post-time-unread = I did not understand the time. Please answer with one like 18:30 or 2026-12-31 18:30.
post-time-over = This time is over. Please answer with a later one.
post-time-far = I plan for a year at most. Please answer with an earlier time.

post-planned = It will be published in { $channel }:
post-taken-back = It is a draft again.
post-discarded = Discarded. The picture is still in /history.

post-state-draft = It is a draft.
post-state-planned = It is planned already.
post-state-sending = On its way to the channel.
post-state-begun = On its way to the channel.
post-state-published = It is in the channel already.
post-state-unsure = Please look into the channel first.
post-state-discarded = This draft was discarded.

post-news-published = Published in { $channel }.
post-news-unsure = Telegram did not say whether the post has arrived in { $channel }. Please look there, then press the button that is true.
post-news-not-admin = Nothing was published: in { $channel } you are not an admin who may post. The draft is still here.
post-news-no-right = Nothing was published: in { $channel } I may not post. Let me, and press Publish again; the draft is still here.
post-news-refused = Nothing was published: { $channel } did not take it. The draft is still here; please try another caption, or later.
post-news-silence = Nothing was published: Telegram could not be reached for long. The draft is still here; press Publish when you like.
post-news-late = Its time in { $channel } passed while I was away, so nothing was published. The draft is still here; press Publish when you like.
