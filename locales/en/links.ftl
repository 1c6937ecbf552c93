# A link by which everybody can see a picture: made and taken back only when its owner asks.

# The buttons.
link-button = Public link
link-yes = Yes, make a link
link-no = No, keep it here
link-copy = Copy the link
link-remove = Remove the link

# Short answers to a press.
link-ask = Everybody who has the link can see the picture, also outside of Telegram. Shall I make one?
link-making = I am making the link.
link-removing = I am removing the link.
link-off = The service that drew this picture is not set up any more, so I cannot make a link.

# What became of it. The link itself stands in the next line.
link-published = Everybody who has this link can see the picture:
link-not-published = I could not make a public link. Please try again in a few minutes.
link-gone = I keep the files of pictures for { $time }, and this one is gone, so I cannot make a link. You can still send the picture on.
link-withdrawn = The link is removed. The picture cannot be seen there any more.
link-not-withdrawn = I could not remove the link, so it may still work. Please try again later, or tell the admin.
