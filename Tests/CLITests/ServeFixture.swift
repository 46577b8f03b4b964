import Foundation
import MariaDBClient
import TestSupport
import Testing

/// `payops serve`, or the scheduler with HTTP, with accounts of its own on a schema of its own.
struct ServeFixture {
  let schema: Connection
  let home: URL
  let port: Int
  /// The link that signs a browser in, without the address.
  let link: String
  /// Folder of the option files of its accounts.
  let folder: String
  /// Options that name the schema to a command.
  let server: [String]
  let process: TestProcess

  /// Runs a test with a server.
  ///
  /// - Parameters:
  ///   - verb: `serve`, or `run` for the scheduler, which prints no link
  ///   - prepare: fills the schema before the server starts
  static func with(
    _ verb: String = "serve",
    prepare: (_ schema: Connection, _ server: [String], _ home: URL) async throws -> Void = {
      _, _, _ in
    }, _ body: (ServeFixture) async throws -> Void
  ) async throws {
    let home = try TemporaryDirectory.make("serve")
    defer { TemporaryDirectory.remove(home) }
    try await TestServer.withSchema { connection in
      let schema = connection.options.database ?? ""
      let server = ["--socket", connection.options.socket ?? "", "--database", schema]
      let result: Result<Void, any Error>
      do {
        try await prepare(connection, server, home)
        let folder = home.appending(path: "accounts").path
        let made = try await ProgramRun.payops(
          ["token", "accounts", folder] + server, directory: home)
        try #require(made.status == 0, "\(made.errors)")
        let fixture = try await start(verb, connection, server, home, folder)
        defer { fixture.process.signal(SIGKILL) }
        result = .success(try await body(fixture))
      } catch {
        result = .failure(error)
      }
      for name in ["read", "operate", "admin", "metrics"] {
        try await connection.execute("DROP USER IF EXISTS `\(schema)_api_\(name)`@localhost")
        try await connection.execute("DROP ROLE IF EXISTS `\(schema)_api_\(name)_role`")
      }
      for role in ["admin", "job", "ops", "analyst", "bi", "backup", "monitor"] {
        try await connection.execute("DROP ROLE IF EXISTS `\(schema)_\(role)`")
      }
      try result.get()
    }
  }

  private static func start(
    _ verb: String, _ connection: Connection, _ server: [String], _ home: URL, _ folder: String
  ) async throws -> ServeFixture {
    let output = home.appending(path: "output").path
    let process = try TestProcess(
      ProgramRun.binary.path,
      [verb, "--accounts", folder, "--listen", "127.0.0.1:0"] + server,
      output: output, errors: home.appending(path: "errors").path)
    var text = ""
    while !text.contains("\n"), process.status == nil {
      try await Task.sleep(for: .milliseconds(50))
      text = (try? String(contentsOfFile: output, encoding: .utf8)) ?? ""
    }
    let errors = try? String(
      contentsOfFile: home.appending(path: "errors").path, encoding: .utf8)
    let found = try #require(
      text.firstMatch(of: /http:\/\/127\.0\.0\.1:(\d+)\/([^\s"]*)/), "\(errors ?? "")")
    let port = try #require(Int(found.1))
    return ServeFixture(
      schema: connection, home: home, port: port, link: String(found.2), folder: folder,
      server: server, process: process)
  }

  /// The same server, started again.
  func restarted() async throws -> ServeFixture {
    try FileManager.default.removeItem(at: home.appending(path: "output"))
    return try await Self.start("serve", schema, server, home, folder)
  }

  /// What the server wrote to stderr.
  var errors: String {
    (try? String(contentsOfFile: home.appending(path: "errors").path, encoding: .utf8)) ?? ""
  }

  /// Makes a token and gives its text.
  func token(_ scope: String) async throws -> String {
    let token = try await ProgramRun.payops(
      ["token", "create", "--person", "anna", "--scope", scope] + server, directory: home)
    try #require(token.status == 0, "\(token.errors)")
    return token.output.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Sends a request and gives the whole answer.
  func send(
    _ target: String, method: String = "GET", token: String? = nil, body: String = ""
  ) async throws -> String {
    let client = try RawClient(port: port)
    defer { client.end() }
    let bearer = token.map { "Authorization: Bearer \($0)\r\n" } ?? ""
    let length =
      method == "GET"
      ? "" : "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n"
    client.send(
      "\(method) \(target) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n"
        + bearer + length + "\r\n" + body)
    return await client.readToEnd()
  }
}
