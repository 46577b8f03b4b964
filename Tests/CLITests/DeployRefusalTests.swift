import Foundation
import MariaDBClient
import TestSupport
import Testing

@Suite("Refused deployments", .timeLimit(.minutes(5)))
struct DeployRefusalTests {
  @Test("with a binary log and no trusted creators, deploy makes neither schema nor owner")
  func binaryLog() async throws {
    let server = try await TestServer.privateServer(options: ["--log-bin=log", "--server-id=1"])
    let administrator = try await Connection.open(server.connectionOptions)
    try await administrator.runScript(
      """
      CREATE USER deployer@localhost IDENTIFIED BY 'secret-of-test';
      GRANT ALL ON pay.* TO deployer@localhost WITH GRANT OPTION;
      GRANT CREATE USER, SET USER ON *.* TO deployer@localhost;
      GRANT SELECT ON mysql.* TO deployer@localhost;
      """)
    let folder = try TemporaryDirectory.make("refused")
    defer { TemporaryDirectory.remove(folder) }
    let file = folder.appending(path: "deployer.cnf").path
    let socket = try #require(server.connectionOptions.socket)
    try Data(
      "[client]\nsocket=\(socket)\nuser=deployer\npassword=secret-of-test\n".utf8
    ).write(to: URL(filePath: file))
    chmod(file, 0o600)
    let run = try await ProgramRun.payops(
      ["deploy", "--defaults-file", file, "--database", "pay"], deadline: .seconds(120))
    #expect(run.status == 78, "\(run.errors)")
    #expect(
      run.errors.hasPrefix("deploying into schema pay on the server \(socket) (MariaDB "),
      "\(run.errors)")
    #expect(
      run.errors.contains("hint: SET GLOBAL log_bin_trust_function_creators = ON"), "\(run.errors)")
    let left = try await administrator.query(
      """
      SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = 'pay'
      UNION ALL SELECT User FROM mysql.global_priv WHERE User LIKE 'pay%'
      """)
    #expect(left.rows.isEmpty)
    await administrator.close()
    try await server.remove()
  }
}
