-- name: get_account^
SELECT user_id, day, daily, kept, held FROM balances WHERE user_id = :user_id;

-- name: lock_account^
-- Opens the account when there is none. On PostgreSQL nobody else changes it until this transaction ends.
INSERT INTO balances (user_id, day, daily, kept, held) VALUES (:user_id, '', 0, 0, 0)
ON CONFLICT (user_id) DO UPDATE SET user_id = excluded.user_id
RETURNING user_id, day, daily, kept, held;

-- name: move!
-- No pocket can go below nothing, whoever else is at it.
UPDATE balances
SET day = :day, daily = daily + :daily, kept = kept + :kept, held = held + :held
WHERE user_id = :user_id AND daily + :daily >= 0 AND kept + :kept >= 0 AND held + :held >= 0;

-- name: enter!
-- Nothing is written when there is such an entry, or another end of the same hold.
INSERT INTO entries (source, kind, user_id, day, daily, kept, at)
VALUES (:source, :kind, :user_id, :day, :daily, :kept, :at)
ON CONFLICT DO NOTHING;

-- name: get_entry^
SELECT source, kind, user_id, day, daily, kept, at FROM entries WHERE source = :source AND kind = :kind;

-- name: get_spent$
SELECT COALESCE(SUM(daily + kept), 0) FROM entries
WHERE user_id = :user_id AND day = :day AND kind = 'settle';

-- name: get_daily$
SELECT daily FROM users WHERE user_id = :user_id;

-- name: count_forgotten$
-- Whoever was forgotten on this day, or on a later one of a clock that ran ahead.
SELECT COUNT(*) FROM forgotten WHERE day >= :day;

-- name: rest_of_forgotten$
SELECT daily FROM forgotten WHERE mark = :mark AND day >= :day;

-- name: find_early
-- People whose day has not come: it was begun by a clock that ran ahead.
SELECT user_id FROM balances WHERE SUBSTR(day, 1, 10) > :latest ORDER BY user_id;

-- name: find_unbalanced
-- Each pocket of each person against all its entries, and the daily one for each day: nothing may be left over.
SELECT user_id, SUM(daily) AS daily, SUM(kept) AS kept, SUM(held) AS held
FROM (
  SELECT user_id, day, SUM(daily) AS daily, SUM(kept) AS kept, SUM(held) AS held
  FROM (
    SELECT user_id, day, daily, kept, held FROM balances
    UNION ALL
    SELECT user_id, day,
           daily * CASE WHEN kind IN ('grant', 'release') THEN -1 WHEN kind IN ('hold', 'revoke') THEN 1 ELSE 0 END,
           kept * CASE WHEN kind IN ('grant', 'release') THEN -1 WHEN kind IN ('hold', 'revoke') THEN 1 ELSE 0 END,
           (daily + kept) * CASE WHEN kind = 'hold' THEN -1 WHEN kind IN ('settle', 'release') THEN 1 ELSE 0 END
    FROM entries
  ) AS movements
  GROUP BY user_id, day
) AS days
GROUP BY user_id
HAVING SUM(ABS(daily)) <> 0 OR SUM(kept) <> 0 OR SUM(held) <> 0
ORDER BY user_id;

-- name: find_unbalanced_since
-- The same for people whose balance was touched since a day: nobody else's can have been spent from. This one runs each
-- minute: it sums the entries in the order of their index, because sorting them takes memory that grows with the day.
SELECT user_id, SUM(daily) AS daily, SUM(kept) AS kept, SUM(held) AS held
FROM (
  SELECT user_id, day, SUM(daily) AS daily, SUM(kept) AS kept, SUM(held) AS held
  FROM (
    SELECT user_id, day, daily, kept, held FROM balances WHERE day >= :since
    UNION ALL
    SELECT user_id, day,
           SUM(daily * CASE WHEN kind IN ('grant', 'release') THEN -1 WHEN kind IN ('hold', 'revoke') THEN 1 ELSE 0 END),
           SUM(kept * CASE WHEN kind IN ('grant', 'release') THEN -1 WHEN kind IN ('hold', 'revoke') THEN 1 ELSE 0 END),
           SUM(
             (daily + kept) * CASE WHEN kind = 'hold' THEN -1 WHEN kind IN ('settle', 'release') THEN 1 ELSE 0 END
           )
    FROM entries WHERE user_id IN (SELECT user_id FROM balances WHERE day >= :since)
    GROUP BY user_id, day
  ) AS movements
  GROUP BY user_id, day
) AS days
GROUP BY user_id
HAVING SUM(ABS(daily)) <> 0 OR SUM(kept) <> 0 OR SUM(held) <> 0
ORDER BY user_id;

-- name: find_odd_days
-- Credits of a day under another name than that of the person and the day: they could be given once more.
SELECT source, kind FROM entries
WHERE kind = 'grant' AND daily > 0 AND source <> 'daily:' || user_id || ':' || day
ORDER BY source;

-- name: find_odd_days_since
SELECT source, kind FROM entries
WHERE user_id IN (SELECT user_id FROM balances WHERE day >= :since)
  AND kind = 'grant' AND daily > 0 AND source <> 'daily:' || user_id || ':' || day
ORDER BY source;

-- name: find_odd_ends
-- Ends without a hold, or with other amounts than the hold. What was not needed of a hold ends as its rest.
SELECT ends.source, ends.kind
FROM (
  SELECT REPLACE(source, ':rest', '') AS source, user_id, day, MAX(kind) AS kind, SUM(daily) AS daily, SUM(kept) AS kept
  FROM entries WHERE kind IN ('settle', 'release')
  GROUP BY REPLACE(source, ':rest', ''), user_id, day
) AS ends
LEFT JOIN entries AS holds ON holds.source = ends.source AND holds.kind = 'hold'
WHERE holds.source IS NULL OR holds.user_id <> ends.user_id OR holds.day <> ends.day
  OR holds.daily <> ends.daily OR holds.kept <> ends.kept
ORDER BY ends.source;

-- name: find_odd_ends_since
-- Here each end looks its hold and the other part up, which sorts only what is odd.
SELECT REPLACE(ends.source, ':rest', '') AS source, MAX(ends.kind) AS kind
FROM entries AS ends
LEFT JOIN entries AS holds ON holds.source = REPLACE(ends.source, ':rest', '') AND holds.kind = 'hold'
WHERE ends.kind IN ('settle', 'release') AND ends.user_id IN (SELECT user_id FROM balances WHERE day >= :since)
  AND (
    holds.source IS NULL OR holds.user_id <> ends.user_id OR holds.day <> ends.day
    OR holds.daily <> (
      SELECT SUM(parts.daily) FROM entries AS parts
      WHERE parts.source IN (holds.source, holds.source || ':rest') AND parts.kind IN ('settle', 'release')
        AND parts.user_id = ends.user_id AND parts.day = ends.day
    )
    OR holds.kept <> (
      SELECT SUM(parts.kept) FROM entries AS parts
      WHERE parts.source IN (holds.source, holds.source || ':rest') AND parts.kind IN ('settle', 'release')
        AND parts.user_id = ends.user_id AND parts.day = ends.day
    )
  )
GROUP BY REPLACE(ends.source, ':rest', ''), ends.user_id, ends.day
ORDER BY REPLACE(ends.source, ':rest', '');
