import Testing

@testable import Schema

@Suite("Migrations for MySQL")
struct AlterClausesTests {
  private let statement = """
    -- A comment; stays away.
    ALTER TABLE alerts
        ADD COLUMN IF NOT EXISTS a INT NULL COMMENT 'a, b' AFTER c,
        ADD KEY IF NOT EXISTS idx_a (a, c),
        DROP COLUMN IF EXISTS d,
        MODIFY COLUMN e DECIMAL(19,4) NULL,
        LOCK = NONE
    """

  @Test("an ALTER does all that is not done yet, without the words that MySQL lacks")
  func all() throws {
    let clauses = try #require(AlterClauses(statement))
    #expect(clauses.table == "alerts")
    #expect(
      clauses.pending(AlterClauses.Existing(columns: ["c", "d", "e"])) == """
        ALTER TABLE alerts
            ADD COLUMN a INT NULL COMMENT 'a, b' AFTER c,
            ADD KEY idx_a (a, c),
            DROP COLUMN d,
            MODIFY COLUMN e DECIMAL(19,4) NULL,
            LOCK = NONE
        """)
  }

  @Test("what is done is left out")
  func some() throws {
    let clauses = try #require(AlterClauses(statement))
    #expect(
      clauses.pending(AlterClauses.Existing(columns: ["a", "c", "e"], keys: ["idx_a"])) == """
        ALTER TABLE alerts
            MODIFY COLUMN e DECIMAL(19,4) NULL,
            LOCK = NONE
        """)
    let one = try #require(
      AlterClauses("ALTER TABLE t ADD COLUMN IF NOT EXISTS a INT, LOCK = NONE"))
    #expect(one.pending(AlterClauses.Existing(columns: ["a"])) == nil)
  }

  @Test("what the same statement drops is added again")
  func replaces() throws {
    let clauses = try #require(
      AlterClauses("ALTER TABLE t DROP KEY IF EXISTS k, ADD UNIQUE KEY IF NOT EXISTS k (a)"))
    #expect(
      clauses.pending(AlterClauses.Existing(keys: ["k"]))
        == "ALTER TABLE t\n    DROP KEY k,\n    ADD UNIQUE KEY k (a)")
  }

  @Test("other statements stay as they are")
  func others() {
    #expect(AlterClauses("ALTER TABLE t ADD COLUMN a INT") == nil)
    #expect(AlterClauses("DROP TABLE IF EXISTS t") == nil)
  }

  @Test("every conditional clause of the migrations is understood")
  func migrations() throws {
    let statements = try Manifest.embedded().written(in: .mySQL).objects
      .filter { $0.kind == .migration }.flatMap(\.statements)
    let altered = statements.compactMap { AlterClauses($0) }
    #expect(altered.count > 20)
    for clauses in altered {
      let text = clauses.pending(AlterClauses.Existing()) ?? ""
      #expect(!text.contains("IF NOT EXISTS") && !text.contains("IF EXISTS"), "\(text)")
    }
  }
}
