# What people may ask about themselves: /privacy, /terms, /paysupport, /forget.

privacy-kept-title = What I keep
privacy-kept =
    Your id at Telegram (a number, not the one of your phone) and your language, your settings, your credits, the words of your pictures with a pointer to each picture at Telegram, and to those that you wanted changed; drafts for channels with their captions. Not your name, and not what you write to others. What those who run me decide about you, such as shutting you out, is kept with the reason.
privacy-time-title = For how long
privacy-words = The words of a picture: until you delete it, or everything.
privacy-words-days = The words of a picture: { $days ->
    [one] { $days } day
   *[other] { $days } days
}; those of favorites until you take the mark away.
privacy-pictures = Its file: { $hours ->
    [one] { $hours } hour
   *[other] { $hours } hours
} after it came.
privacy-times = A message that I failed to handle: eight days. A draft to which nothing happens: 90 days. That I refused to draw something: a day, without its words. Which picture you were the first to report: 90 days. Backups: about a week.
privacy-sealed-title = How it lies there
privacy-sealed = Your words and pictures are encrypted with a key of yours alone. Whoever copies my disk cannot read them, and once your key is destroyed nobody can, in no backup either.
privacy-shared-title = What others see
privacy-services = Whoever draws gets your words, and the pictures that you want changed (without the hidden data in their files), and nothing about you: { $services }.
privacy-judged = A service looks at words first and gets them, too, and nothing about you. Where it is not sure, moderators may look at the picture before you see it.
privacy-shared = A picture can be seen by everybody only when you ask me for a public link. One that you let me draw in another chat goes through a chat of whoever runs this bot. A picture that somebody reports is looked at by moderators.
privacy-removed-title = How to get it, and how to remove it
privacy-removed = /forget shows what there is, sends all of it as a file, and deletes everything. Delete below a picture removes that one, with its words and its public link. Terms are in /terms, help with credits in /paysupport.
privacy-more = In full: { $url }
privacy-contact = Questions go to { $contact }.
privacy-operator = the person who runs this bot

terms-use-title = What I am for
terms-use = Ask for what the law where you live and the rules of Telegram allow. Not for pictures that sexualize children, that pass real people off as doing what they did not, or that are made to hurt somebody. Requests may be refused, pictures taken away and people shut out for that.
terms-pictures-title = Your pictures
terms-pictures = They are drawn by machines of other services and may be wrong or odd. I claim no rights in them; the services that draw have terms of their own. I promise what /help promises, and not that I am always there.
terms-credits-title = Credits
terms-credits = They cost nothing, are worth no money and cannot be passed on. You pay with them only for pictures that arrive.
terms-end-title = Leaving
terms-end = You can leave at any time and have everything deleted with /forget.

paysupport-title = Help with payments
paysupport-free = I take no payments yet: credits are free and come back every day.
paysupport-back = When a picture fails, is cancelled or does not arrive, its credits come back by themselves at once; /me shows them.
paysupport-id = If they do not, write to { $contact } and name the picture: by the number in its message, or by the id that the button { $button } below it tells.

forget-title = Delete everything about you?
forget-goes = What goes: { $pictures ->
    [one] { $pictures } picture
   *[other] { $pictures } pictures
} in your history, { $favorites ->
    [one] { $favorites } favorite
   *[other] { $favorites } favorites
}, { $drafts ->
    [one] { $drafts } draft
   *[other] { $drafts } drafts
} for channels, { $credits ->
    [one] { $credits } credit
   *[other] { $credits } credits
}, your settings and all words. Planned posts are not published, and public links are taken back. It takes a few seconds and cannot be undone.
forget-under-way = { $count ->
    [one] { $count } picture is on its way: it is cancelled, and costs nothing.
   *[other] { $count } pictures are on their way: they are cancelled, and cost nothing.
}
forget-stays = What stays: what pictures cost, without words and under a random number that leads to nobody. If you are shut out, that stays until it ends, under a mark that nobody can turn back into you; so do the credits of today that you have used.
forget-telegram = Messages in our chats are kept by Telegram: delete those there.
forget-let-in = Whoever runs me must let you in again afterwards.
forget-export = Send me everything first
forget-all = Delete everything
forget-keep = Keep it
forget-kept = Nothing was deleted.
forget-begun = Deleting everything. A few seconds.
forget-done = Everything about you is forgotten.
forget-nothing = I keep no words and no pictures of yours, and no settings. Your number is noted for eight days with what you wrote to me, so that nothing is answered twice.
forget-anew = That page was old. Here is how it is now.
forget-not-yours = This is for somebody else.
forget-export-coming = It comes as a file in a moment.
forget-export-here = All that I keep about you.
forget-export-cut = { $left ->
    [one] All that I keep about you, but { $left } picture of long ago for which a file has no room.
   *[other] All that I keep about you, but { $left } pictures of long ago for which a file has no room.
}
forget-in-private = This is between the two of us: send /forget in our private chat.
forget-lead = To our private chat
