-- name: switches
SELECT name, state FROM provider_switches ORDER BY name;

-- name: switch!
INSERT INTO provider_switches (name, state, changed_at, changed_by) VALUES (:name, :state, :now, :admin_id)
ON CONFLICT (name) DO UPDATE SET
  state = excluded.state, changed_at = excluded.changed_at, changed_by = excluded.changed_by;

-- name: unswitch!
DELETE FROM provider_switches WHERE name = :name;

-- name: unprefer!
-- One service is preferred at a time.
DELETE FROM provider_switches WHERE state = 'preferred' AND name <> :name;

-- name: waiting
SELECT model, COUNT(*) AS count FROM generations WHERE status = 'queued' GROUP BY model;

-- name: prices
SELECT model, price, set_at, set_by FROM own_prices ORDER BY model;

-- name: set_price!
INSERT INTO own_prices (model, price, set_at, set_by) VALUES (:model, :price, :now, :admin_id)
ON CONFLICT (model) DO UPDATE SET price = excluded.price, set_at = excluded.set_at, set_by = excluded.set_by
WHERE own_prices.set_at = :seen_at AND own_prices.set_by = :seen_by;

-- name: unset_price!
DELETE FROM own_prices WHERE model = :model AND set_at = :seen_at AND set_by = :seen_by;
