import Testing

@testable import MariaDBClient

@Suite("Grants")
struct GrantsTests {
  private func missing(_ statements: String..., on schema: String = "payops") -> [String] {
    Grants(statements).missing(["SELECT", "INSERT", "TRIGGER"], on: schema)
  }

  @Test("grants on the server and on the schema add up")
  func addUp() {
    #expect(
      missing(
        "GRANT SELECT ON *.* TO `a`@`%` IDENTIFIED BY PASSWORD '*00'",
        "GRANT INSERT, TRIGGER ON `payops`.* TO `a`@`%`") == [])
    #expect(missing("GRANT ALL PRIVILEGES ON *.* TO `a`@`%` WITH GRANT OPTION") == [])
    #expect(missing("GRANT ALL PRIVILEGES ON `payops`.* TO `a`@`%`") == [])
    #expect(missing("GRANT USAGE ON *.* TO `a`@`%`") == ["SELECT", "INSERT", "TRIGGER"])
  }

  @Test("grants on one table, column, routine or another schema do not count")
  func narrow() {
    #expect(
      missing(
        "GRANT SELECT ON `payops`.`accounts` TO `a`@`%`",
        "GRANT EXECUTE ON PROCEDURE `payops`.`refresh_rollups` TO `a`@`%`",
        "GRANT INSERT (name), TRIGGER ON `payops`.* TO `a`@`%`",
        "GRANT ALL PRIVILEGES ON `other`.* TO `a`@`%`",
        "GRANT `reader` TO `a`@`%`") == ["SELECT", "INSERT"])
  }

  @Test("grants of roles add to those of the user")
  func roles() {
    #expect(
      missing(
        "GRANT INSERT ON `payops`.* TO `a`@`%`", "GRANT SELECT, TRIGGER ON `payops`.* TO `r`")
        == [])
  }

  @Test("grants on patterns match as in the server: only the most specific one")
  func patterns() {
    #expect(missing("GRANT ALL PRIVILEGES ON `pay%`.* TO `a`@`%`") == [])
    #expect(missing("GRANT ALL PRIVILEGES ON `pay_ps`.* TO `a`@`%`") == [])
    #expect(missing("GRANT ALL PRIVILEGES ON `pay\\_ps`.* TO `a`@`%`").count == 3)
    #expect(
      missing("GRANT ALL PRIVILEGES ON `pay\\_ops`.* TO `a`@`%`", on: "pay_ops") == [])
    #expect(
      missing(
        "GRANT ALL PRIVILEGES ON `pay%`.* TO `a`@`%`", "GRANT SELECT ON `payops`.* TO `a`@`%`")
        == ["INSERT", "TRIGGER"])
    #expect(missing("GRANT ALL PRIVILEGES ON `a``b`.* TO `a`@`%`", on: "a`b") == [])
  }

  @Test("only grants on the server are global")
  func global() {
    #expect(Grants(["GRANT SUPER ON *.* TO `a`@`%`"]).hasGlobal("SUPER"))
    #expect(Grants(["GRANT ALL PRIVILEGES ON *.* TO `a`@`%`"]).hasGlobal("SUPER"))
    #expect(!Grants(["GRANT ALL PRIVILEGES ON `payops`.* TO `a`@`%`"]).hasGlobal("SUPER"))
  }
}
