import Testing

@testable import Schema

@Suite("SQL for MySQL")
struct MySQLTextTests {
  private func respelled(_ statement: String, name: String = "r") -> [String] {
    MySQLText(name: name).respelled([statement])
  }

  @Test(
    "a statement is respelled",
    arguments: [
      (
        "CREATE TEMPORARY TABLE a (b INT) ENGINE = Aria TRANSACTIONAL = 0",
        "CREATE TEMPORARY TABLE a (b INT) ENGINE = InnoDB"
      ),
      ("IF @@in_transaction = 1 THEN", "IF has_open_transaction() = 1 THEN"),
      (
        "SET TRANSACTION ISOLATION LEVEL READ COMMITTED;",
        "COMMIT; SET TRANSACTION ISOLATION LEVEL READ COMMITTED;"
      ),
      ("SET @a = NEXTVAL(bulk_loads)", "SET @a = next_bulk_load()"),
      (
        "key VARCHAR(64) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL",
        "key VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL"
      ),
      (
        "d INT AS (TIMESTAMPDIFF(MICROSECOND, requested_at, responded_at) DIV 1000) VIRTUAL",
        "d INT AS (GREATEST(-2147483648, LEAST(2147483647,"
          + " TIMESTAMPDIFF(MICROSECOND, requested_at, responded_at) DIV 1000))) VIRTUAL"
      ),
      ("CEIL(LN(d) / LN(1.05 / 0.95))", "CEIL(LN(d) / LN(1.05e0 / 0.95e0))"),
      ("IF @@unique_checks AND @@check_constraint_checks", "IF @@unique_checks AND TRUE"),
      ("IF @@max_recursive_iterations < 1000", "IF @@cte_max_recursion_depth < 1000"),
      ("a LONGTEXT NOT NULL DEFAULT '{}',\nb INT", "a LONGTEXT NOT NULL DEFAULT ('{}'),\nb INT"),
      ("a VARCHAR(3) NOT NULL DEFAULT 'x'", "a VARCHAR(3) NOT NULL DEFAULT 'x'"),
      ("CREATE OR REPLACE VIEW v AS SELECT 1", "CREATE OR REPLACE VIEW v AS SELECT 1"),
    ])
  func respells(mariaDB: String, mySQL: String) {
    #expect(respelled(mariaDB) == [mySQL])
  }

  @Test("a sequence's last number is that of the session's row")
  func readsLastNumber() {
    #expect(
      respelled("SET v = (LASTVAL(bulk_loads) <=> @a)")
        == [
          "SET v = ((SELECT b.bulk_load FROM bulk_loads AS b WHERE b.connection_id = CONNECTION_ID())"
            + " <=> @a)"
        ])
  }

  @Test(
    "a routine or event is dropped and made anew", arguments: ["PROCEDURE", "FUNCTION", "EVENT"])
  func replaces(kind: String) {
    #expect(
      respelled("-- About it.\nCREATE OR REPLACE \(kind) r() BEGIN END")
        == ["DROP \(kind) IF EXISTS r", "-- About it.\nCREATE \(kind) r() BEGIN END"])
  }

  @Test("a trigger is replaced while its table is locked")
  func replacesTrigger() {
    #expect(
      respelled(
        "CREATE OR REPLACE DEFINER = `o`@`localhost` TRIGGER t\nAFTER INSERT ON a\nBEGIN END")
        == [
          "LOCK TABLES a WRITE", "DROP TRIGGER IF EXISTS t",
          "CREATE DEFINER = `o`@`localhost` TRIGGER t\nAFTER INSERT ON a\nBEGIN END",
          "UNLOCK TABLES",
        ])
  }

  @Test("what a statement counted is not lost")
  func keepsCount() {
    let text = respelled("EXECUTE IMMEDIATE v_text; SET v_rows = ROW_COUNT(); EXECUTE IMMEDIATE a;")
    #expect(text[0].contains("EXECUTE payops_r; SET v_rows = ROW_COUNT();"))
    #expect(text[0].hasSuffix("DEALLOCATE PREPARE payops_r;"))
  }

  @Test("a statement from a text is prepared under the name of the routine")
  func prepares() {
    #expect(
      respelled(
        """
        BEGIN
            -- EXECUTE IMMEDIATE in a comment; stays.
            EXECUTE IMMEDIATE CONCAT('a; USING ', f(b, c)) USING d, g(e, 1);
            SET f = 'EXECUTE IMMEDIATE';
            EXECUTE IMMEDIATE v_b;
        END
        """, name: "run")
        == [
          """
          BEGIN
              -- EXECUTE IMMEDIATE in a comment; stays.
              SET @payops_statement = CONCAT('a; USING ', f(b, c));
          PREPARE payops_run FROM @payops_statement;
          SET @payops_argument_1 = d;
          SET @payops_argument_2 = g(e, 1);
          EXECUTE payops_run USING @payops_argument_1, @payops_argument_2;
          DEALLOCATE PREPARE payops_run;
              SET f = 'EXECUTE IMMEDIATE';
              SET @payops_statement = v_b;
          PREPARE payops_run FROM @payops_statement;
          EXECUTE payops_run;
          DEALLOCATE PREPARE payops_run;
          END
          """
        ])
  }

  @Test("a setting of one statement is set before it and put back")
  func setsAndResets() {
    #expect(
      respelled("SET STATEMENT group_concat_max_len = 5 FOR\nSELECT ';' INTO a;\nSET b = 1;")
        == [
          """
          SET @payops_setting = @@group_concat_max_len;
          SET SESSION group_concat_max_len = 5;
          SELECT ';' INTO a;
          SET SESSION group_concat_max_len = @payops_setting;
          SET b = 1;
          """
        ])
  }

  @Test("a handled error is read in the handler itself")
  func readsError() {
    #expect(
      respelled("CALL read_error(v_errno, v_state, v_message);\nROLLBACK;")
        == [
          """
          GET STACKED DIAGNOSTICS @payops_condition = NUMBER;
          WHILE @payops_condition > 0 DO
          GET STACKED DIAGNOSTICS CONDITION @payops_condition
          v_errno = MYSQL_ERRNO, v_state = RETURNED_SQLSTATE, v_message = MESSAGE_TEXT;
          SET @payops_condition = IF(v_errno IN (1105, 1196, 1364, 1751, 1752), @payops_condition - 1, 0);
          END WHILE;
          ROLLBACK;
          """
        ])
  }

  @Test("the manifest has objects of its own in place of the sequence")
  func replacesSequence() throws {
    let embedded = try Manifest.embedded()
    let own = embedded.written(in: .mySQL).objects
    #expect(own.count == embedded.objects.count + 2)
    let names = Set(own.map(\.path)).subtracting(embedded.objects.map(\.path))
    #expect(names == Set(EmbeddedFiles.byPath.keys.filter { $0.hasPrefix("sql/mysql/") }))
    #expect(!own.contains { $0.path == "sql/tables/bulk_loads.sql" })
  }

  @Test("tables keep the checksum of their file, other objects get one of what was made of it")
  func checksums() throws {
    let embedded = try Manifest.embedded()
    for (own, other) in zip(
      embedded.objects, embedded.objects.map { $0.written(in: .mySQL) })
    {
      let isSame = own.sourceChecksum == other.sourceChecksum
      #expect(isSame == [.table, .migration].contains(own.kind), "\(own.path)")
    }
    #expect(embedded.written(in: .mariaDB).objects == embedded.objects)
  }

  @Test(
    "a table that MySQL shows in its own words has the same shape",
    arguments: [
      ("a INT NOT NULL DEFAULT 0", "`a` int NOT NULL DEFAULT '0'"),
      ("a DECIMAL(9,4) NOT NULL DEFAULT 0", "`a` decimal(9,4) NOT NULL DEFAULT '0.0000'"),
      (
        "CONSTRAINT c CHECK (a = 'x' OR b REGEXP '^A')",
        "CONSTRAINT `c` CHECK (((`a` = _utf8mb4'x') or regexp_like(`b`,_utf8mb4'^A')))"
      ),
    ])
  func sameShape(file: String, server: String) {
    #expect(TableShape("CREATE TABLE t (\(file))") == TableShape("CREATE TABLE `t` (\(server))"))
  }

  @Test("a default that differs is seen in quotes too")
  func seesOtherDefault() {
    #expect(
      TableShape("CREATE TABLE t (a INT NOT NULL DEFAULT 0)")
        != TableShape("CREATE TABLE `t` (`a` int NOT NULL DEFAULT '1')"))
  }
}
