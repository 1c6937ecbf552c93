-- name: reserve!
-- One guarded statement: together the pictures of a day never cost more than the cap.
INSERT INTO spending (provider, day, credits)
SELECT :provider, :day, :credits WHERE :credits <= :cap
ON CONFLICT (provider, day) DO UPDATE SET credits = spending.credits + excluded.credits
WHERE spending.credits + excluded.credits <= :cap;

-- name: give_back!
UPDATE spending SET credits = credits - :credits
WHERE provider = :provider AND day = :day AND credits >= :credits;

-- name: prune!
DELETE FROM spending WHERE day < :before;
