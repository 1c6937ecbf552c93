# Why there is no picture, and what to do now: one for each cause. That nothing was charged is said right behind it.

failure-bad-request = The service could not make sense of this. Other words or another model may work.
failure-prompt-refused = The service does not want to draw this. Please put it in other words.
failure-prompt-too-long = These are too many words for this model. Please use fewer, or another model.
failure-key-refused = This service does not let me in right now, and the admin will look into it. Please try another model.
failure-no-funds = This service cannot be paid right now, and the admin will look into it. Please try another model.
failure-model-gone = This model is not offered any more. Please choose another one.
failure-rate-limited = The service has too much to do. Please try again in a few minutes, or another model.
failure-unavailable = The service is down right now. Please try again later, or another model.
failure-unreachable = I cannot reach the service. Please try again in a few minutes, or another model.
failure-timed-out = The service did not answer in time. Please try again, or another model.
failure-too-slow = The picture came in so slowly that I had to stop. Please try again.
failure-cut-off = The line to the service broke off. Please try again.
failure-service-error = Something broke at the service. Please try again, or another model.
failure-redirected = The service sent me to a place I do not go. Please try another model.
failure-broken-answer = The service said something I cannot read. Please try again, or another model.
failure-no-picture = The service sent no picture. Please try again, perhaps in other words.
failure-not-a-picture = What the service sent cannot be shown. Please try again, or another model.
failure-picture-too-large = The picture is too large for me. Please try another ratio or model.
failure-picture-gone = The picture was gone before I could take it. Please try again.
failure-address-refused = The picture lay at an address that I do not trust. Please try another model.
failure-picture-unsendable = Telegram did not take the picture. Please try another ratio or model.
failure-chat-closed = I may not write in this chat. Please let me in again, then try again.
failure-interrupted = I was interrupted while drawing. Please try again.
failure-storage-full = I have no room left for pictures, and the admin will look into it. Please try again later.
failure-internal = Something went wrong on my side. Please try again, and if it stays so, give the admin the number below.
