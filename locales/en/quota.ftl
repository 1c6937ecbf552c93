# Credits: /me, and what is said when there are too few.

quota-left =
    { $left ->
        [0] No credits left for today
        [one] { $left } credit left
       *[other] { $left } credits left
    }
quota-kept =
    { $kept ->
        [one] { $kept } of them stays until you use it.
       *[other] { $kept } of them stay until you use them.
    }
quota-held =
    { $held ->
        [one] { $held } credit is set aside for a picture on its way.
       *[other] { $held } credits are set aside for pictures on their way.
    }
quota-spent = Spent today: { $spent }
quota-next =
    { $daily ->
        [one] Your { $daily } credit of the day comes back
       *[other] Your { $daily } credits of the day come back
    }
quota-in-hours =
    { $hours ->
        [one] in an hour
       *[other] in { $hours } hours
    }
quota-used-up =
    { $left ->
        [0] Your credits for today are used up.
       *[other] This picture costs { $price }, and you have { $left } left.
    } New ones come { $hours ->
        [one] in an hour
       *[other] in { $hours } hours
    }. /me shows your credits.
quota-too-dear =
    { $left ->
        [0] This picture costs { $price } credits, and you have none.
       *[other] This picture costs { $price } credits, and you have { $left }.
    } Choose a model that costs less with /settings, or ask whoever runs this bot for more.
quota-stopped = Pictures rest for a moment: the books are being checked. Nothing was charged. Please try again later.
