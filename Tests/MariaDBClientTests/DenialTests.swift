import Testing

@testable import MariaDBClient

@Suite("Refusals")
struct DenialTests {
  private func text(_ message: String, _ errno: UInt32) -> String? {
    Denial(message, errno: errno)?.description
  }

  @Test("a refusal names the privilege and the object, in the words of each version")
  func names() {
    let to = "command denied to user 'u_bi'@'localhost'"
    #expect(text("SELECT \(to) for table `p`.`alerts`", 1142) == "SELECT on table p.alerts")
    #expect(text("INSERT \(to) for table 'alerts'", 1142) == "INSERT on table alerts")
    #expect(
      text("SELECT \(to) for column 'name' in table 'customers'", 1143)
        == "SELECT on column name of table customers")
    #expect(
      text("execute \(to) for routine 'p.refresh_rollups'", 1370)
        == "EXECUTE on routine p.refresh_rollups")
    #expect(
      text("alter routine \(to) for routine 'p.refresh_rollups'", 1370)
        == "ALTER ROUTINE on routine p.refresh_rollups")
    #expect(
      text("Access denied for user 'u_bi'@'localhost' to database 'mysql'", 1044)
        == "a privilege on schema mysql")
    #expect(
      text(
        "Access denied; you need (at least one of) the SUPER, BINLOG MONITOR privilege(s) for this"
          + " operation", 1227) == "SUPER, BINLOG MONITOR on the server")
    #expect(Denial("SELECT \(to) for table `p`.`alerts`", errno: 1142)?.user == "u_bi")
  }

  @Test("a failed login and other errors are no refusal of a privilege")
  func others() {
    #expect(text("Access denied for user 'a'@'b' (using password: YES)", 1045) == nil)
    #expect(text("Table 'p.t' doesn't exist", 1146) == nil)
    #expect(text("something else", 1142) == nil)
  }

  @Test("the sentence of an error has the refusal, the hint says what to grant")
  func sentence() {
    let error = DatabaseError(
      code: .accessDenied, errno: 1142, sqlState: "42000",
      serverMessage: "SELECT command denied to user 'u'@'h' for table `p`.`alerts`",
      context: "SELECT")
    #expect(
      error.description == "SELECT: access denied: the account lacks SELECT on table p.alerts")
    #expect(error.hint == "grant the account SELECT on table p.alerts, or a role that has it")
  }
}
