#include "cli/demo_script.hpp"

namespace ballast::cli {
namespace {

// Rows come from a counter and a multiplicative hash (Knuth, The Art of Computer Programming 6.4), so the same scale
// gives the same database on every machine. `?1` is the scale. Money is in NUMERIC(10,2), accounts are in cents.
// Statements are longer than lines: NOLINTBEGIN(bugprone-suspicious-missing-comma)
constexpr std::string_view script[] = {
    "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL UNIQUE, "
    "active BOOLEAN NOT NULL DEFAULT 1, profile JSON, created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP)",
    "CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users, title TEXT NOT NULL, "
    "body TEXT NOT NULL, published BOOLEAN NOT NULL DEFAULT 0, created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP)",
    "CREATE INDEX posts_user_id_idx ON posts (user_id)",
    "CREATE TABLE comments (id INTEGER PRIMARY KEY, post_id INTEGER NOT NULL REFERENCES posts ON DELETE CASCADE, "
    "user_id INTEGER NOT NULL REFERENCES users, body TEXT NOT NULL)",
    "CREATE INDEX comments_post_id_idx ON comments (post_id)",
    "CREATE INDEX comments_user_id_idx ON comments (user_id)",
    "CREATE TABLE tags (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
    "CREATE TABLE post_tags (post_id INTEGER NOT NULL REFERENCES posts ON DELETE CASCADE, "
    "tag_id INTEGER NOT NULL REFERENCES tags ON DELETE CASCADE, PRIMARY KEY (post_id, tag_id)) WITHOUT ROWID",
    "CREATE INDEX post_tags_tag_id_idx ON post_tags (tag_id)",
    "CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT NOT NULL, city TEXT, born DATE)",
    "CREATE TABLE products (id INTEGER PRIMARY KEY, name TEXT NOT NULL, price NUMERIC(10,2) NOT NULL, "
    "stock INTEGER NOT NULL, CONSTRAINT products_stock_check CHECK (stock >= 0))",
    "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers, "
    "placed_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, status TEXT NOT NULL DEFAULT 'open' "
    "CHECK (status IN ('open', 'paid', 'shipped')))",
    "CREATE INDEX orders_customer_id_idx ON orders (customer_id)",
    "CREATE TABLE order_items (order_id INTEGER NOT NULL REFERENCES orders ON DELETE CASCADE, "
    "product_id INTEGER NOT NULL REFERENCES products, quantity INTEGER NOT NULL CHECK (quantity > 0), "
    "PRIMARY KEY (order_id, product_id)) WITHOUT ROWID",
    "CREATE INDEX order_items_product_id_idx ON order_items (product_id)",
    "CREATE TABLE accounts (id INTEGER PRIMARY KEY, owner TEXT NOT NULL, balance INTEGER NOT NULL, "
    "CONSTRAINT accounts_balance_check CHECK (balance >= 0))",
    "CREATE TABLE transfers (id INTEGER PRIMARY KEY, debit_id INTEGER NOT NULL REFERENCES accounts, "
    "credit_id INTEGER NOT NULL REFERENCES accounts, amount INTEGER NOT NULL CHECK (amount > 0))",
    "CREATE INDEX transfers_debit_id_idx ON transfers (debit_id)",
    "CREATE INDEX transfers_credit_id_idx ON transfers (credit_id)",
    "CREATE TABLE flights (id INTEGER PRIMARY KEY, number TEXT NOT NULL UNIQUE, departs_at TIMESTAMP NOT NULL)",
    "CREATE TABLE seats (id INTEGER PRIMARY KEY, flight_id INTEGER NOT NULL REFERENCES flights, name TEXT NOT NULL, "
    "UNIQUE (flight_id, name))",
    "CREATE TABLE bookings (id INTEGER PRIMARY KEY, seat_id INTEGER NOT NULL UNIQUE REFERENCES seats, "
    "passenger TEXT NOT NULL)",
    "CREATE TABLE videos (id INTEGER PRIMARY KEY, title TEXT NOT NULL, seconds INTEGER NOT NULL, thumbnail BLOB)",
    "CREATE VIEW published_posts AS SELECT id, user_id, title, created_at FROM posts WHERE published",
    "INSERT INTO users (id, name, email, active, profile, created_at) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT "
    "i + 1 FROM n WHERE i < 2000 * ?1) SELECT i, (CASE i % 5 WHEN 0 THEN 'Ada' WHEN 1 THEN 'Grace' WHEN 2 THEN 'Edsger' "
    "WHEN 3 THEN 'Barbara' ELSE 'Tony' END) || ' ' || i, 'user' || i || '@example.com', i % 7 != 0, "
    "json_object('theme', CASE i % 2 WHEN 0 THEN 'dark' ELSE 'light' END, 'logins', i * 2654435761 % 1000), "
    "datetime('2024-01-01', '+' || (i * 2654435761 % 31536000) || ' seconds') FROM n",
    "INSERT INTO posts (id, user_id, title, body, published, created_at) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT "
    "i + 1 FROM n WHERE i < 8000 * ?1) SELECT i, i * 2654435761 % (2000 * ?1) + 1, 'Post ' || i, "
    "'What happened on night ' || i || ', and what we learned of it.', i % 4 != 0, "
    "datetime('2024-02-01', '+' || (i * 2654435761 % 31536000) || ' seconds') FROM n",
    "INSERT INTO comments (id, post_id, user_id, body) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
    "WHERE i < 25000 * ?1) SELECT i, i * 2654435761 % (8000 * ?1) + 1, i * 40503 % (2000 * ?1) + 1, 'Comment ' || i FROM n",
    "INSERT INTO tags (id, name) VALUES (1, 'sql'), (2, 'http'), (3, 'queues'), (4, 'locks'), (5, 'caching'), "
    "(6, 'incidents'), (7, 'testing'), (8, 'security')",
    "INSERT INTO post_tags (post_id, tag_id) SELECT id, id % 8 + 1 FROM posts UNION SELECT id, id / 8 % 8 + 1 FROM posts",
    "INSERT INTO customers (id, name, city, born) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE "
    "i < 3000 * ?1) SELECT i, 'Customer ' || i, CASE i % 4 WHEN 0 THEN 'Berlin' WHEN 1 THEN 'Lisbon' WHEN 2 THEN 'Oslo' END, "
    "date('1950-01-01', '+' || (i * 2654435761 % 18000) || ' days') FROM n",
    "INSERT INTO products (id, name, price, stock) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE "
    "i < 500 * ?1) SELECT i, 'Product ' || i, (i * 2654435761 % 20000) / 100.0, i * 40503 % 100 FROM n",
    "INSERT INTO orders (id, customer_id, placed_at, status) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
    "WHERE i < 6000 * ?1) SELECT i, i * 2654435761 % (2000 * ?1) + 1, "
    "datetime('2024-03-01', '+' || (i * 2654435761 % 31536000) || ' seconds'), "
    "CASE i % 3 WHEN 0 THEN 'open' WHEN 1 THEN 'paid' ELSE 'shipped' END FROM n",
    "INSERT OR IGNORE INTO order_items (order_id, product_id, quantity) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT "
    "i + 1 FROM n WHERE i < 18000 * ?1) SELECT i % (6000 * ?1) + 1, i * 2654435761 % (500 * ?1) + 1, i % 5 + 1 FROM n",
    "INSERT INTO accounts (id, owner, balance) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE "
    "i < 1000 * ?1) SELECT i, 'Owner ' || i, i * 2654435761 % 1000000 FROM n",
    "INSERT INTO transfers (id, debit_id, credit_id, amount) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
    "WHERE i < 8000 * ?1) SELECT i, i % (1000 * ?1) + 1, (i + 7) % (1000 * ?1) + 1, i * 40503 % 9999 + 1 FROM n",
    "INSERT INTO flights (id, number, departs_at) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE "
    "i < 60 * ?1) SELECT i, 'BL' || (100 + i), datetime('2030-01-01', '+' || i || ' hours') FROM n",
    "INSERT INTO seats (id, flight_id, name) WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE "
    "i < 6000 * ?1 - 1) SELECT i + 1, i / 100 + 1, (i % 100 / 4 + 1) || substr('ABCD', i % 4 + 1, 1) FROM n",
    "INSERT INTO bookings (id, seat_id, passenger) SELECT id, id, 'Passenger ' || id FROM seats WHERE id % 3 != 0",
    "INSERT INTO videos (id, title, seconds, thumbnail) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
    "WHERE i < 500 * ?1) SELECT i, 'Video ' || i, i * 2654435761 % 7200 + 10, CAST('thumb' || i AS BLOB) FROM n",
    "CREATE VIRTUAL TABLE posts_fts USING fts5(title, body, content='posts', content_rowid='id')",
    "CREATE TRIGGER posts_fts_insert AFTER INSERT ON posts BEGIN INSERT INTO posts_fts (rowid, title, body) VALUES "
    "(new.id, new.title, new.body); END",
    "CREATE TRIGGER posts_fts_delete AFTER DELETE ON posts BEGIN INSERT INTO posts_fts (posts_fts, rowid, title, body) "
    "VALUES ('delete', old.id, old.title, old.body); END",
    "CREATE TRIGGER posts_fts_update AFTER UPDATE ON posts BEGIN INSERT INTO posts_fts (posts_fts, rowid, title, body) "
    "VALUES ('delete', old.id, old.title, old.body); INSERT INTO posts_fts (rowid, title, body) VALUES (new.id, new.title, "
    "new.body); END",
    "INSERT INTO posts_fts (posts_fts) VALUES ('rebuild')",
    "ANALYZE",
};
// NOLINTEND(bugprone-suspicious-missing-comma)

}  // namespace

std::span<const std::string_view> demo_for_sqlite() { return script; }

}  // namespace ballast::cli
