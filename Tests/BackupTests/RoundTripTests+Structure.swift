import Foundation
import MariaDBClient
import PayopsCore
import Schema
import TestSupport
import Testing

@testable import Backup
@testable import Restore

extension RoundTripTests {
  @Test("keys, counters, partitions, checks and other engines are restored")
  func structure() async throws {
    try await Self.roundTrip(
      """
      CREATE TABLE counter_last (
        id INT NOT NULL, n INT NOT NULL AUTO_INCREMENT,
        v INT, PRIMARY KEY (id), UNIQUE KEY uq_n (n), KEY idx_v (v)
      ) AUTO_INCREMENT = 50;
      INSERT INTO counter_last (id, v) VALUES (1, 2), (2, 1);
      CREATE TABLE no_primary (a INT NOT NULL, b INT, UNIQUE KEY uq_a (a), KEY idx_b (b));
      INSERT INTO no_primary VALUES (1, NULL), (2, NULL);
      CREATE TABLE no_key (a INT);
      INSERT INTO no_key VALUES (1), (1), (NULL);
      CREATE TABLE many_keys (
        id INT NOT NULL PRIMARY KEY, words TEXT, place POINT NOT NULL, a INT, b INT,
        SPATIAL KEY sp (place), KEY idx_a (a), FULLTEXT KEY ft (words), UNIQUE KEY uq_b (b),
        KEY idx_ab (a, b) COMMENT 'it''s', KEY idx_words (words(10)), KEY idx_hidden (b, a) IGNORED,
        UNIQUE KEY uq_words (words)
      );
      INSERT INTO many_keys VALUES (1, 'x y z', POINT(1, 2), 1, 1);
      CREATE TABLE parts (id INT NOT NULL, at DATE NOT NULL, PRIMARY KEY (id, at), KEY idx_at (at))
        PARTITION BY RANGE (YEAR(at)) (
          PARTITION p0 VALUES LESS THAN (2020), PARTITION p1 VALUES LESS THAN MAXVALUE);
      INSERT INTO parts VALUES (1, '2019-01-01'), (2, '2024-01-01');
      CREATE TABLE packed (id INT NOT NULL PRIMARY KEY, v TEXT) ROW_FORMAT = COMPRESSED;
      INSERT INTO packed VALUES (1, REPEAT('x', 9000));
      CREATE TABLE hidden (id INT NOT NULL PRIMARY KEY, v INT INVISIBLE DEFAULT 7, w INT DEFAULT (v + 1));
      INSERT INTO hidden (id, v) VALUES (1, 8);
      CREATE TABLE spans (
        id INT NOT NULL, a DATE NOT NULL, b DATE NOT NULL, PERIOD FOR p (a, b),
        PRIMARY KEY (id, p WITHOUT OVERLAPS), CONSTRAINT ck_spans_id CHECK (id > 0)
      );
      INSERT INTO spans VALUES (1, '2024-01-01', '2024-02-01'), (1, '2024-02-01', '2024-03-01');
      """
    ) { _ in
    } check: { connection in
      try await connection.execute("INSERT INTO counter_last (id) VALUES (9)")
      let counter = try await connection.query("SELECT n FROM counter_last WHERE id = 9").rows
      #expect(counter.first?.integer("n") == 52)
    }
  }

  @Test("columns with a default from a sequence are restored")
  func sequenceDefault() async throws {
    try await Self.roundTrip(
      """
      CREATE SEQUENCE steps START WITH 5 INCREMENT BY 10 MAXVALUE 1000 CYCLE NOCACHE;
      SELECT NEXTVAL(steps);
      CREATE TABLE stepped (id BIGINT NOT NULL DEFAULT NEXTVAL(steps) PRIMARY KEY, v INT);
      INSERT INTO stepped (v) VALUES (1);
      """
    ) { _ in
    } check: { connection in
      try await connection.execute("INSERT INTO stepped (v) VALUES (2)")
      let step = try await connection.query("SELECT id FROM stepped WHERE v = 2").rows
      #expect(step.first?.integer("id") == 25)
    }
  }

  @Test("keys that cannot be added later keep their position")
  func keyOrder() async throws {
    try await Self.roundTrip(
      """
      CREATE TABLE places (
        id INT NOT NULL PRIMARY KEY, place POINT NOT NULL, a INT, KEY idx_a (a),
        SPATIAL KEY sp (place)
      );
      CREATE TABLE t (
        id INT NOT NULL, n INT NOT NULL AUTO_INCREMENT, v INT,
        PRIMARY KEY (id), KEY idx_v (v), KEY idx_n (n)
      );
      INSERT INTO t (id, v) VALUES (1, 1);
      """)
  }

  @Test("a column whose comment mentions AUTO_INCREMENT is not a counter")
  func counterInWords() async throws {
    try await Self.roundTrip(
      """
      CREATE TABLE t (
        id INT NOT NULL, note INT COMMENT 'as AUTO_INCREMENT', n INT NOT NULL AUTO_INCREMENT,
        PRIMARY KEY (id), KEY idx_n (n)
      );
      INSERT INTO t (id) VALUES (1);
      """)
  }

  @Test("tables of other engines beside views are restored")
  func otherEngines() async throws {
    try await Self.roundTrip(
      """
      CREATE TABLE old (id INT NOT NULL PRIMARY KEY, v INT, KEY idx_v (v)) ENGINE = MyISAM;
      INSERT INTO old VALUES (1, 2);
      CREATE TABLE crash_safe (id INT NOT NULL PRIMARY KEY, v INT, KEY idx_v (v)) ENGINE = Aria;
      INSERT INTO crash_safe VALUES (1, 2);
      CREATE TABLE short_lived (id INT NOT NULL PRIMARY KEY) ENGINE = MEMORY;
      CREATE VIEW both_tables AS SELECT o.id, c.v FROM old AS o INNER JOIN crash_safe AS c ON c.id = o.id;
      """)
  }

  @Test("foreign keys of every shape are restored")
  func foreignKeys() async throws {
    try await BackupSample.withSchema { other in
      try await other.execute("CREATE TABLE outside (id INT NOT NULL PRIMARY KEY)")
      try await other.execute("INSERT INTO outside VALUES (1)")
      try await Self.roundTrip(
        """
        CREATE TABLE a (id INT NOT NULL PRIMARY KEY, up INT, b_id INT,
          FOREIGN KEY (up) REFERENCES a (id) ON DELETE CASCADE);
        CREATE TABLE b (id INT NOT NULL PRIMARY KEY, a_id INT NOT NULL,
          FOREIGN KEY (a_id) REFERENCES a (id) ON UPDATE CASCADE ON DELETE RESTRICT);
        CREATE TABLE pairs (x INT NOT NULL, y INT NOT NULL, PRIMARY KEY (x, y));
        CREATE TABLE a_child (x INT, y INT, o INT, KEY idx_xy (x, y),
          CONSTRAINT fk_pair FOREIGN KEY (x, y) REFERENCES pairs (x, y) ON DELETE SET NULL,
          CONSTRAINT fk_outside FOREIGN KEY (o) REFERENCES `\(other.options.database ?? "")`.outside (id));
        INSERT INTO a VALUES (1, NULL, NULL), (2, 1, NULL);
        INSERT INTO b VALUES (1, 2);
        UPDATE a SET b_id = 1 WHERE id = 1;
        ALTER TABLE a ADD CONSTRAINT fk_circle FOREIGN KEY (b_id) REFERENCES b (id);
        INSERT INTO pairs VALUES (1, 2);
        INSERT INTO a_child VALUES (1, 2, 1), (NULL, 5, NULL);
        """, trust: .source
      ) { _ in
      } check: { connection in
        for (statement, number) in [
          ("INSERT INTO b VALUES (9, 99)", UInt32(1452)),
          ("INSERT INTO a_child VALUES (NULL, NULL, 7)", 1452),
          ("DELETE FROM a WHERE id = 2", 1451),
        ] {
          let error = await #expect(throws: DatabaseError.self) {
            try await connection.execute(statement)
          }
          #expect(error?.errno == number)
        }
        try await connection.execute("DELETE FROM pairs")
        #expect(
          try await connection.query("SELECT COUNT(x) AS n FROM a_child").rows.first?.integer("n")
            == 0)
      }
    }
  }

  @Test("versioned tables are restored with their history")
  func history() async throws {
    try await Self.roundTrip(
      """
      CREATE TABLE parents (id INT NOT NULL PRIMARY KEY);
      INSERT INTO parents VALUES (1), (2);
      CREATE TABLE versions (
        id INT NOT NULL AUTO_INCREMENT, word VARCHAR(20) NOT NULL, parent INT,
        twice INT AS (id * 2) VIRTUAL,
        PRIMARY KEY (id), UNIQUE KEY uq_word (word), KEY idx_parent (parent),
        CONSTRAINT fk_parent FOREIGN KEY (parent) REFERENCES parents (id)
      ) WITH SYSTEM VERSIONING;
      CREATE TABLE named_periods (
        id INT NOT NULL PRIMARY KEY, v INT, KEY idx_v (v),
        valid_from TIMESTAMP(6) GENERATED ALWAYS AS ROW START,
        valid_to TIMESTAMP(6) GENERATED ALWAYS AS ROW END,
        PERIOD FOR SYSTEM_TIME (valid_from, valid_to)
      ) WITH SYSTEM VERSIONING;
      SET @@timestamp = 1600000000;
      INSERT INTO versions (word, parent) VALUES ('one', 1), ('two', NULL), ('it''s', 2);
      INSERT INTO named_periods (id, v) VALUES (1, 1), (2, 2);
      SET @@timestamp = 1600000001.5;
      UPDATE versions SET word = CONCAT(word, '🍎'), parent = NULL;
      UPDATE named_periods SET v = v + 1;
      SET @@timestamp = 1600000002;
      DELETE FROM versions WHERE id = 2;
      DELETE FROM named_periods;
      SET @@timestamp = DEFAULT;
      """
    ) { _ in
    } check: { connection in
      let then = try await connection.query(
        """
        SELECT word FROM versions FOR SYSTEM_TIME AS OF TIMESTAMP '2020-09-13 12:26:40.5'
        ORDER BY id
        """
      ).rows.map { $0["word"] }
      #expect(then == ["one", "two", "it's"])
    }
  }

  @Test("views that read each other in any order, and other schemas, are restored")
  func views() async throws {
    try await BackupSample.withSchema { other in
      try await other.execute("CREATE TABLE rates (rate INT NOT NULL)")
      let outside = other.options.database ?? ""
      try await Self.roundTrip(
        """
        CREATE TABLE t (id INT NOT NULL PRIMARY KEY, word VARCHAR(20));
        INSERT INTO t VALUES (1, 'a');
        CREATE ALGORITHM = MERGE SQL SECURITY INVOKER VIEW d AS SELECT id, word FROM t WHERE id > 0
          WITH CASCADED CHECK OPTION;
        CREATE VIEW c AS SELECT id FROM d;
        CREATE ALGORITHM = TEMPTABLE VIEW b AS SELECT MAX(id) AS most FROM c;
        CREATE VIEW a AS SELECT b.most, c.id FROM b INNER JOIN c ON c.id = b.most;
        CREATE VIEW mixed AS SELECT t.id, r.rate FROM t CROSS JOIN `\(outside)`.rates AS r;
        CREATE VIEW recursive_view AS
          WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 3)
          SELECT n.i, t.id FROM n INNER JOIN t ON t.id = n.i;
        """, trust: .source
      ) { _ in
      } check: { connection in
        let name = connection.options.database ?? ""
        #expect(try await connection.query("SELECT most FROM a").rows.count == 1)
        let text =
          try await connection.query("SHOW CREATE VIEW mixed").rows.first?.text(at: 1) ?? ""
        #expect(text.contains("`\(name)`.`t`"))
      }
    }
  }
}
