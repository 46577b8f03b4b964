import Foundation
import MariaDBClient
import TestSupport
import Testing

@testable import Backup
@testable import Restore

/// A schema that is backed up once for the whole table of damages.
enum TruthSource: String, CaseIterable, Sendable {
  /// A table of each sort, with routines, views, an event and a catalogue of published views.
  case plain
  /// The same, backed up without checksums of the server.
  case streamed
  /// The same, encrypted, with enough noise for several pieces.
  case encrypted
  /// A schema whose character set is not that under which its routines were written.
  case latin1

  private static let samples = Task {
    var samples: [TruthSource: BackupSample] = [:]
    for source in allCases {
      samples[source] = try await BackupSample.withSchema { connection in
        try await connection.runScript(source.script)
        return try await BackupSample.make(
          connection, key: source == .encrypted ? BackupSample.newKey() : nil,
          readsChecksums: source != .streamed)
      }
    }
    return samples
  }

  /// The backup.
  func sample() async throws -> BackupSample {
    try #require(try await Self.samples.value[self])
  }

  /// The statements that fill the schema.
  var script: String {
    switch self {
    case .plain, .streamed: Self.sampleScript
    case .encrypted:
      Self.sampleScript + """
        CREATE TABLE noise (id INT PRIMARY KEY, bytes VARBINARY(64) NOT NULL);
        INSERT INTO noise SELECT seq, UNHEX(SHA2(seq, 512)) FROM seq_1_to_6000;
        """
    case .latin1:
      """
      CREATE FUNCTION shout (in_text VARCHAR(40)) RETURNS VARCHAR(40) DETERMINISTIC
        RETURN CONCAT(in_text, '!');
      ALTER DATABASE CHARACTER SET latin1 COLLATE latin1_german1_ci;
      CREATE TABLE words (word_id INT PRIMARY KEY, word VARCHAR(20) NOT NULL);
      INSERT INTO words VALUES (1, 'Straße');
      """
    }
  }

  private static let sampleScript = """
    CREATE TABLE customers (
      customer_id INT NOT NULL AUTO_INCREMENT, name VARCHAR(40) NOT NULL, note TEXT,
      PRIMARY KEY (customer_id), UNIQUE KEY uq_customers_name (name)
    );
    INSERT INTO customers VALUES (1, 'Ann', 'likes 🍎'), (2, 'Bea', NULL), (3, 'Cem', 'a;b');
    CREATE SEQUENCE receipts START WITH 100 NOCACHE;
    SELECT NEXTVAL(receipts);
    CREATE TABLE orders (
      order_id BIGINT NOT NULL, customer_id INT NOT NULL, amount DECIMAL(10,2) NOT NULL,
      tax DECIMAL(10,2) AS (amount * 0.2) VIRTUAL, paid_day INT, refund_day INT,
      token VARBINARY(16),
      PRIMARY KEY (order_id), KEY idx_orders_customer (customer_id),
      CONSTRAINT fk_orders_customer FOREIGN KEY (customer_id) REFERENCES customers (customer_id)
    );
    INSERT INTO orders (order_id, customer_id, amount, paid_day, refund_day, token)
      VALUES (1, 1, 10, 5, NULL, 0x00ff27), (2, 2, 20.5, NULL, NULL, NULL), (3, 2, 7, 6, 9, '');
    CREATE TABLE prices (
      price_id INT PRIMARY KEY, price DECIMAL(10,2) NOT NULL
    ) WITH SYSTEM VERSIONING;
    SET @@timestamp = 1600000000;
    INSERT INTO prices VALUES (1, 3), (2, 5);
    SET @@timestamp = 1600000100;
    UPDATE prices SET price = price + 1;
    CREATE TABLE limits (
      limit_id INT PRIMARY KEY, most INT NOT NULL, least INT AS (-most) VIRTUAL,
      KEY idx_limits_most (most)
    ) WITH SYSTEM VERSIONING;
    SET @@timestamp = 1600000200;
    INSERT INTO limits (limit_id, most) VALUES (1, 10), (2, 20);
    SET @@timestamp = 1600000300;
    UPDATE limits SET most = 11 WHERE limit_id = 1;
    SET @@timestamp = DEFAULT;
    CREATE TABLE log (log_id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, what VARCHAR(40) NOT NULL);
    CREATE TABLE remarks (remark_id INT PRIMARY KEY, remark VARCHAR(40) NOT NULL);
    INSERT INTO remarks VALUES (1, '-- Dump completed');
    CREATE TABLE kpi_catalog (
      kpi VARCHAR(40) PRIMARY KEY, source_view VARCHAR(64) NOT NULL, default_filter VARCHAR(80)
    );
    INSERT INTO kpi_catalog VALUES ('price', 'price_changes', 'price > 0');
    CREATE FUNCTION with_tax (in_amount DECIMAL(10,2)) RETURNS DECIMAL(10,2) DETERMINISTIC
      RETURN in_amount * 1.2;
    CREATE PROCEDURE log_text (in_what VARCHAR(40)) MODIFIES SQL DATA
    BEGIN
      /* it's ;; kept */
      INSERT INTO log (what) VALUES (in_what);
    END;
    CREATE TRIGGER orders_after_insert_log AFTER INSERT ON orders FOR EACH ROW
      INSERT INTO log (what) VALUES (NEW.order_id);
    CREATE EVENT clear_log ON SCHEDULE EVERY 1 YEAR STARTS '2037-01-01 00:00:00'
      DO DELETE FROM log;
    CREATE VIEW customer_totals AS
      SELECT c.customer_id, c.name, SUM(with_tax(o.amount)) AS total
      FROM customers AS c INNER JOIN orders AS o ON o.customer_id = c.customer_id
      GROUP BY c.customer_id, c.name;
    CREATE VIEW best_customers AS SELECT name, total FROM customer_totals WHERE total > 12;
    CREATE VIEW price_changes AS
      SELECT price_id, price FROM prices FOR SYSTEM_TIME ALL;

    """
}
