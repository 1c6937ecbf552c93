-- name: prices
SELECT model, price, set_at, set_by FROM own_prices ORDER BY model;

-- name: set_price!
INSERT INTO own_prices (model, price, set_at, set_by) VALUES (:model, :price, :now, :admin_id)
ON CONFLICT (model) DO UPDATE SET price = excluded.price, set_at = excluded.set_at, set_by = excluded.set_by;

-- name: unset_price!
DELETE FROM own_prices WHERE model = :model;
