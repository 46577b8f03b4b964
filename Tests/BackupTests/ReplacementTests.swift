import Foundation
import MariaDBClient
import PayopsCore
import Schema
import TestSupport
import Testing

@testable import Backup
@testable import Restore

@Suite("Restore over an existing schema", .timeLimit(.minutes(5)))
struct ReplacementTests {
  private static let sampleScript = """
    CREATE TABLE customers (
      customer_id INT NOT NULL AUTO_INCREMENT, name VARCHAR(40) NOT NULL, best_order INT,
      PRIMARY KEY (customer_id), UNIQUE KEY uq_customers_name (name)
    );
    CREATE TABLE orders (
      order_id INT NOT NULL PRIMARY KEY, customer_id INT NOT NULL, amount DECIMAL(10,2) NOT NULL,
      KEY idx_orders_customer (customer_id),
      CONSTRAINT fk_orders_customer FOREIGN KEY (customer_id) REFERENCES customers (customer_id),
      CONSTRAINT ck_orders_amount CHECK (amount > 0)
    );
    ALTER TABLE customers
      ADD CONSTRAINT fk_customers_order FOREIGN KEY (best_order) REFERENCES orders (order_id);
    CREATE TABLE parts (part INT NOT NULL PRIMARY KEY, parent INT, FOREIGN KEY (parent)
      REFERENCES parts (part));
    CREATE TABLE log (log_id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, what VARCHAR(40) NOT NULL);
    CREATE SEQUENCE receipts NOCACHE;
    CREATE FUNCTION with_tax (in_amount DECIMAL(10,2)) RETURNS DECIMAL(10,2) DETERMINISTIC
      RETURN in_amount * 1.2;
    CREATE PROCEDURE note (in_what VARCHAR(40)) MODIFIES SQL DATA INSERT INTO log (what)
      VALUES (in_what);
    CREATE TRIGGER orders_after_insert_log AFTER INSERT ON orders FOR EACH ROW
      CALL note(CONCAT('order ', NEW.order_id));
    CREATE TRIGGER orders_after_insert_tax AFTER INSERT ON orders FOR EACH ROW
      CALL note(CONCAT('tax ', with_tax(NEW.amount)));
    CREATE EVENT clear_log ON SCHEDULE EVERY 1 YEAR STARTS '2037-01-01' DO DELETE FROM log;
    CREATE VIEW totals AS SELECT customer_id, SUM(amount) AS total FROM orders GROUP BY customer_id;
    CREATE VIEW a_best AS SELECT customer_id FROM totals WHERE total > 10;
    INSERT INTO customers VALUES (1, 'Ann', NULL), (2, 'Bea', NULL);
    INSERT INTO orders VALUES (1, 1, 10), (2, 2, 20);
    UPDATE customers SET best_order = customer_id;
    INSERT INTO parts VALUES (1, NULL), (2, 1);
    SELECT NEXTVAL(receipts);

    """

  /// Makes two equal schemas, backs one up, changes it, restores over it, and compares.
  private static func replace(
    changes: String, script: String = sampleScript,
    check: (Connection) async throws -> Void = { _ in },
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    try await BackupSample.withSchema { twin in
      try await twin.runScript(script)
      try await BackupSample.withSchema { connection in
        try await connection.runScript(script)
        let sample = try await BackupSample.make(connection)
        try await connection.runScript(changes)
        let schema = connection.options.database ?? ""
        try await sample.restore(into: schema, replaces: true)
        let differences = try await SchemaComparison(
          wanted: twin.options.database ?? "", found: schema
        ).differences()
        #expect(differences == [], sourceLocation: sourceLocation)
        #expect(
          try await stagingNames(on: connection) == [], sourceLocation: sourceLocation)
        try await check(connection)
      }
    }
  }

  /// All names of the server that only a restore gives.
  private static func stagingNames(on connection: Connection) async throws -> [String?] {
    try await connection.query(
      """
      SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()
      UNION ALL
      SELECT trigger_name FROM information_schema.triggers WHERE trigger_schema = DATABASE()
      UNION ALL
      SELECT constraint_name FROM information_schema.table_constraints
      WHERE constraint_schema = DATABASE()
      UNION ALL
      SELECT id FROM information_schema.innodb_sys_foreign WHERE id LIKE CONCAT(DATABASE(), '/%')
      UNION ALL
      SELECT ref_name FROM information_schema.innodb_sys_foreign
      WHERE id LIKE CONCAT(DATABASE(), '/%')
      """
    ).rows.map { $0["name"] }.filter { $0?.contains("_payops_") == true }
  }

  private static func errno(
    _ statement: String, _ connection: Connection
  ) async -> UInt32? {
    do {
      try await connection.execute(statement)
      return nil
    } catch {
      return error.errno
    }
  }

  @Test("an unchanged schema is restored over")
  func unchanged() async throws {
    try await Self.replace(changes: "SELECT 1")
  }

  @Test("a schema in which everything changed is restored over")
  func everything() async throws {
    try await Self.replace(
      changes: """
        DELETE FROM log;
        UPDATE customers SET best_order = NULL, name = UPPER(CONCAT(name, customer_id));
        DELETE FROM orders WHERE order_id = 1;
        INSERT INTO orders VALUES (7, 2, 99);
        ALTER TABLE customers ADD COLUMN note TEXT, DROP INDEX uq_customers_name,
          DROP FOREIGN KEY fk_customers_order;
        ALTER TABLE orders DROP CONSTRAINT ck_orders_amount, ADD KEY idx_new (amount),
          DROP FOREIGN KEY fk_orders_customer, RENAME INDEX idx_orders_customer TO idx_other;
        DROP TABLE parts;
        CREATE TABLE added (id INT NOT NULL PRIMARY KEY, customer_id INT,
          CONSTRAINT fk_orders_customer FOREIGN KEY (customer_id) REFERENCES customers (customer_id));
        CREATE TRIGGER orders_after_insert_new AFTER INSERT ON orders FOR EACH ROW SET @new = 1;
        DROP TRIGGER orders_after_insert_log;
        CREATE TRIGGER orders_after_insert_log BEFORE DELETE ON customers FOR EACH ROW SET @new = 2;
        CREATE TRIGGER added_trigger BEFORE INSERT ON added FOR EACH ROW SET @new = 3;
        CREATE OR REPLACE VIEW totals AS SELECT name FROM customers;
        CREATE VIEW added_view AS SELECT id FROM added;
        DROP VIEW a_best;
        CREATE OR REPLACE FUNCTION with_tax (in_amount INT) RETURNS INT DETERMINISTIC RETURN 0;
        DROP PROCEDURE note;
        CREATE PROCEDURE added_procedure () SELECT 1;
        CREATE FUNCTION added_function () RETURNS INT DETERMINISTIC RETURN 1;
        ALTER EVENT clear_log ON SCHEDULE EVERY 2 YEAR DISABLE;
        CREATE EVENT added_event ON SCHEDULE EVERY 1 YEAR STARTS '2037-01-01' DO SELECT 1;
        SELECT NEXTVAL(receipts);
        ALTER SEQUENCE receipts INCREMENT BY 7;
        CREATE SEQUENCE added_sequence;
        """
    ) { connection in
      try await connection.execute("INSERT INTO orders VALUES (9, 1, 100)")
      let log = try await connection.query("SELECT what FROM log ORDER BY log_id").rows
      #expect(log.suffix(2).map { $0["what"] } == ["order 9", "tax 120.00"])
      #expect(await Self.errno("INSERT INTO orders VALUES (10, 77, 1)", connection) == 1452)
      #expect(await Self.errno("DELETE FROM customers WHERE customer_id = 2", connection) == 1451)
      #expect(await Self.errno("INSERT INTO orders VALUES (11, 1, -1)", connection) == 4025)
      #expect(await Self.errno("INSERT INTO parts VALUES (5, 4)", connection) == 1452)
      #expect(await Self.errno("INSERT INTO customers (name) VALUES ('Ann')", connection) == 1062)
    }
  }

  @Test("a schema that became empty is restored over")
  func emptied() async throws {
    try await Self.replace(
      changes: """
        DROP VIEW a_best, totals;
        ALTER TABLE customers DROP FOREIGN KEY fk_customers_order;
        DROP TABLE orders, customers, parts, log;
        DROP SEQUENCE receipts;
        DROP FUNCTION with_tax;
        DROP PROCEDURE note;
        DROP EVENT clear_log;
        """)
  }

  @Test("a schema whose character set changed is restored over")
  func characterSet() async throws {
    try await Self.replace(changes: "ALTER DATABASE CHARACTER SET latin1")
  }

  @Test(
    "objects of another kind with the names of those in the backup are replaced",
    arguments: [
      "DROP VIEW a_best; CREATE TABLE a_best (id INT)",
      "DROP TABLE parts; CREATE VIEW parts AS SELECT 1 AS part",
      "DROP SEQUENCE receipts; CREATE TABLE receipts (id INT)",
      "DROP SEQUENCE receipts; CREATE VIEW receipts AS SELECT 1 AS id",
      "DROP TABLE parts; CREATE SEQUENCE parts",
      "DROP PROCEDURE note; CREATE FUNCTION note () RETURNS INT DETERMINISTIC RETURN 1",
    ])
  func otherKinds(changes: String) async throws {
    try await Self.replace(changes: changes)
  }

  @Test("a lost sequence that gives a column its default is restored")
  func lostSequence() async throws {
    try await Self.replace(
      changes: "DROP TABLE numbered; DROP SEQUENCE numbers",
      script: """
        CREATE SEQUENCE numbers NOCACHE;
        CREATE TABLE numbered (id BIGINT NOT NULL DEFAULT NEXTVAL(numbers) PRIMARY KEY, v INT);
        INSERT INTO numbered (v) VALUES (1), (2);
        CREATE TABLE other (id INT);
        """)
  }

  @Test("the remains of a killed restore are removed, and nothing else")
  func leftovers() async throws {
    try await Self.replace(
      changes: """
        CREATE TABLE _payops_new_customers (id INT NOT NULL PRIMARY KEY);
        CREATE TABLE _payops_old_orders (id INT, CONSTRAINT _payops_key_fk_orders_customer
          FOREIGN KEY (id) REFERENCES _payops_new_customers (id));
        CREATE TRIGGER _payops_trigger_orders_after_insert_log BEFORE INSERT ON _payops_old_orders
          FOR EACH ROW SET @x = 1;
        """)
  }

  @Test("a table that the backup has and another schema refers to keeps its children")
  func outsideReferences() async throws {
    try await BackupSample.withSchema { outside in
      try await BackupSample.withSchema { connection in
        try await connection.runScript(Self.sampleScript)
        let schema = connection.options.database ?? ""
        let sample = try await BackupSample.make(connection)
        try await outside.runScript(
          """
          CREATE TABLE children (id INT NOT NULL PRIMARY KEY, part INT,
            CONSTRAINT fk_children FOREIGN KEY (part) REFERENCES `\(schema)`.parts (part));
          INSERT INTO children VALUES (1, 2);
          """)
        do {
          try await sample.restore(into: schema, replaces: true)
          let text = try await outside.query("SHOW CREATE TABLE children").rows.first?.text(at: 1)
          #expect(text?.contains("`\(schema)`.`parts`") == true, "\(text ?? "")")
        } catch let error as BackupError {
          // A refusal is also correct, if nothing was changed.
          #expect(error.code == .unsafeTarget)
        }
        #expect(await Self.errno("INSERT INTO children VALUES (2, 1)", outside) == nil)
        #expect(await Self.errno("INSERT INTO children VALUES (3, 77)", outside) == 1452)
        try await outside.execute("DROP TABLE children")
      }
    }
  }

  @Test("single tables are restored over")
  func someTables() async throws {
    try await BackupSample.withSchema { twin in
      try await twin.runScript(Self.sampleScript)
      try await BackupSample.withSchema { connection in
        try await connection.runScript(Self.sampleScript)
        let schema = connection.options.database ?? ""
        let sample = try await BackupSample.make(connection)
        // A table that others refer to must be restored with them.
        let referred = await #expect(throws: BackupError.self) {
          try await sample.restore(into: schema, replaces: true, tables: ["customers"])
        }
        #expect(referred?.code == .unsafeTarget)
        #expect(referred?.message.contains("customers") == true)
        let unknown = await #expect(throws: BackupError.self) {
          try await sample.restore(into: schema, replaces: true, tables: ["log", "nothing"])
        }
        #expect(unknown?.code == .notFound)
        let occupied = await #expect(throws: BackupError.self) {
          try await sample.restore(into: schema, tables: ["parts"])
        }
        #expect(occupied?.code == .targetInUse)
        let twinName = twin.options.database ?? ""
        #expect(
          try await SchemaComparison(wanted: twinName, found: schema).differences() == [])
        try await connection.runScript(
          """
          UPDATE customers SET best_order = NULL;
          DELETE FROM orders;
          DROP TRIGGER orders_after_insert_tax;
          ALTER TABLE orders ADD COLUMN extra INT;
          UPDATE customers SET name = CONCAT(name, '!');
          INSERT INTO log (what) VALUES ('kept');
          CREATE OR REPLACE VIEW a_best AS SELECT 1 AS kept;
          DROP TABLE parts;
          """)
        // A missing table needs no permission.
        try await sample.restore(into: schema, tables: ["parts"])
        try await sample.restore(into: schema, replaces: true, tables: ["orders", "customers"])
        let differences = try await SchemaComparison(wanted: twinName, found: schema).differences()
        let isOutside = differences.filter { !$0.contains("`log`") && !$0.contains("`a_best`") }
        #expect(isOutside == [])
        let log = try await connection.query("SELECT what FROM log WHERE what = 'kept'").rows
        #expect(log.count == 1)
        #expect(try await connection.query("SELECT kept FROM a_best").rows.count == 1)
        #expect(try await Self.stagingNames(on: connection) == [])
        #expect(await Self.errno("INSERT INTO orders VALUES (10, 77, 1)", connection) == 1452)
        // A child alone refers to the existing parent.
        try await sample.restore(into: schema, replaces: true, tables: ["parts", "log"])
        #expect(await Self.errno("INSERT INTO parts VALUES (5, 4)", connection) == 1452)
      }
    }
  }

  @Test("a schema that is not empty is refused and stays unchanged")
  func occupied() async throws {
    try await BackupSample.withSchema { twin in
      try await BackupSample.withSchema { connection in
        try await connection.runScript(Self.sampleScript)
        let sample = try await BackupSample.make(connection)
        for object in [
          "CREATE TABLE t (id INT)", "CREATE VIEW v AS SELECT 1 AS id", "CREATE SEQUENCE s",
          "CREATE PROCEDURE p () SELECT 1",
          "CREATE EVENT e ON SCHEDULE EVERY 1 YEAR STARTS '2037-01-01' DO SELECT 1",
        ] {
          try await twin.execute(object)
          let before = try await ObjectInventory.read(from: twin)
          let error = await #expect(throws: BackupError.self, "\(object)") {
            try await sample.restore(into: twin.options.database ?? "")
          }
          #expect(error?.code == .targetInUse)
          #expect(try await ObjectInventory.read(from: twin) == before)
        }
      }
    }
  }

  /// Damage that a server refuses; the last two only once the tables are in place.
  static let refusals: [(name: String, isLate: Bool, old: String, new: String)] = [
    ("a row without a value", false, "(2,'Bea',2)", "(2,'Bea')"),
    ("a key twice", false, "(2,'Bea',2)", "(1,'Bea',2)"),
    ("a row missing", false, "(1,NULL),\n(2,1)", "(1,NULL)"),
    ("a broken trigger", false, "CALL note(CONCAT('tax '", "CALLS note(CONCAT('tax '"),
    ("a broken view", true, "AS `total` from `orders`", "AS `total` from `nothing`"),
    ("a broken function", true, "RETURN in_amount * 1.2", "RETURNS in_amount * 1.2"),
  ]

  @Test(
    "a backup that cannot be restored leaves the schema unchanged, or says what changed",
    arguments: refusals.indices)
  func refused(number: Int) async throws {
    let refusal = Self.refusals[number]
    let changes = """
      CREATE OR REPLACE VIEW totals AS SELECT customer_id, 1 AS total FROM customers;
      CREATE OR REPLACE FUNCTION with_tax (in_amount INT) RETURNS INT DETERMINISTIC RETURN 0;
      DROP TRIGGER orders_after_insert_tax;
      """
    try await BackupSample.withSchema { twin in
      try await twin.runScript(Self.sampleScript + changes)
      try await BackupSample.withSchema { connection in
        try await connection.runScript(Self.sampleScript)
        let schema = connection.options.database ?? ""
        let broken = try await BackupSample.make(connection).withDump {
          try $0.exchange(refusal.old, for: refusal.new)
        }
        try await connection.runScript(changes)
        let error = await #expect(throws: BackupError.self, "\(refusal.name)") {
          try await broken.restore(into: schema, replaces: true)
        }
        let differences = try await SchemaComparison(
          wanted: twin.options.database ?? "", found: schema
        ).differences()
        let left = try await Self.stagingNames(on: connection)
        if refusal.isLate {
          #expect(error?.hint?.contains("--finish") == true, "\(refusal.name)")
          #expect(left == [RestoreMarker.switched], "\(refusal.name)")
        } else {
          #expect(left == [], "\(refusal.name)")
          #expect(differences == [], "\(refusal.name)")
        }
      }
    }
  }
}
