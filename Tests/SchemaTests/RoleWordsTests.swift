import Testing

@testable import Schema

@Suite("Roles in the words of each server")
struct RoleWordsTests {
  private let mariaDB = RoleWords(dialect: .mariaDB)
  private let mySQL = RoleWords(dialect: .mySQL)

  @Test("a default role is one in MariaDB, and may be several in MySQL")
  func defaultRole() {
    #expect(mariaDB.defaultRole(["a"], of: "`u`@`%`") == "SET DEFAULT ROLE `a` FOR `u`@`%`")
    #expect(
      mySQL.defaultRole(["a", "b"], of: "`u`@`%`") == "SET DEFAULT ROLE `a`, `b` TO `u`@`%`")
  }

  @Test("who may read routines reads a table of MariaDB, and has a privilege of MySQL")
  func routines() {
    func grant(_ words: RoleWords) -> RoleGrant {
      words.grant("SELECT", kind: "system_table", name: "proc", schema: "payops")
    }
    #expect(grant(mariaDB) == RoleGrant(privilege: "SELECT", object: "`mysql`.`proc`"))
    #expect(grant(mySQL) == RoleGrant(privilege: "SHOW_ROUTINE", object: "*.*"))
  }

  @Test("a schema is a pattern, but with partial revokes a name")
  func schema() {
    var literal = mySQL
    literal.wildcardsAreLiteral = true
    #expect(mySQL.place(of: "pay_ops") == #"`pay\_ops`"#)
    #expect(literal.place(of: "pay_ops") == "`pay_ops`")
  }

  @Test("all privileges on a schema are each of them, those on the server are not")
  func single() {
    let all = RoleGrant(privilege: "ALL PRIVILEGES", object: "`payops`.*")
    let server = RoleGrant(privilege: "ALL PRIVILEGES", object: "*.*")
    let split = mySQL.single([all, server])
    #expect(split.count == 19 && split.contains(server) && !split.contains(all))
    #expect(split.contains(RoleGrant(privilege: "TRIGGER", object: "`payops`.*")))
    #expect(mariaDB.single([all]) == [all])
  }

  @Test("a role of MySQL has a host in what the server shows")
  func parse() {
    let lines = [
      "GRANT USAGE ON *.* TO `payops_bi`@`%`",
      "GRANT SELECT, SHOW VIEW ON `payops`.`kpi_today` TO `payops_bi`@`%`",
      "GRANT SELECT ON `payops`.`kpi_today` TO `payops_bi`@`localhost`",
    ]
    #expect(
      RoleGrant.parse(lines, of: "payops_bi") == [
        RoleGrant(privilege: "SELECT", object: "`payops`.`kpi_today`"),
        RoleGrant(privilege: "SHOW VIEW", object: "`payops`.`kpi_today`"),
      ])
  }
}
