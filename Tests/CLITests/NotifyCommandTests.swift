import Foundation
import MariaDBClient
import TestSupport
import Testing

@Suite("payops notify", .timeLimit(.minutes(5)))
struct NotifyCommandTests {
  private func run(_ words: [String], _ connection: Connection) async throws -> ProgramRun {
    let options = connection.options
    let names = try await connection.query("SELECT DATABASE() AS name")
    var all =
      words + [
        "--socket", try #require(options.socket), "--database",
        try #require(names.rows.first?["name"]),
      ]
    if let user = options.user { all += ["--user", user] }
    return try await ProgramRun.run(try ProgramRun.binary, all)
  }

  private func add(_ name: String, _ path: String, _ more: [String] = []) async throws -> [String] {
    [
      "notify", "add", name, "--kind", "webhook", "--target",
      try await Receiver.shared().url(path), "--option", "plaintext_on_loopback=true", "--option",
      #"allowed_networks=["127.0.0.0/8"]"#, "--group", "0",
    ] + more
  }

  private func expect(
    _ words: [String], _ status: Int32 = 0, _ text: String, _ connection: Connection
  ) async throws {
    let run = try await run(words, connection)
    #expect(run.status == status, "\(words): \(run.output)\(run.errors)")
    #expect((run.output + run.errors).contains(text), "\(words): \(run.output)\(run.errors)")
  }

  @Test("a route sends a signed notification, and a refused one is sent again on request")
  func life() async throws {
    let receiver = try await Receiver.shared()
    let folder = try TemporaryDirectory.make("notify")
    let secret = folder.appending(path: "key")
    try Data("key\n".utf8).write(to: secret)
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o600], ofItemAtPath: secret.path)
    try await TestServer.withSchema { connection in
      let token = Receiver.token()
      try await expect(
        try await add("hook", "/200/\(token)", ["--secret-file", secret.path]), 0,
        "hook sends notifications of alerts", connection)
      try await expect(
        try await add("critical", "/400/\(token)-g", ["--severity", "CRITICAL", "--rule", "job%"]),
        0,
        "critical sends notifications", connection)
      try await expect(["notify", "test", "hook"], 0, "delivered", connection)
      try await expect(["notify", "test", "critical"], 1, "400", connection)
      let test = try await run(["notify", "test", "critical", "--json"], connection)
      #expect(test.output.contains("\"is_delivered\": false"))
      #expect(test.output.contains("\"status\": 400"))
      #expect(try receiver.requests(token).first?.body.contains("TEST of the route hook") == true)
      let before = try receiver.requests(token).count

      _ = try await connection.query("CALL raise_alert('job_failed', 'x', 'CRITICAL', 'no disk')")
      // The failure of the other route is notified over this one.
      try await expect(
        ["notify", "send"], 1, "2 delivered, 0 to be retried, 1 given up", connection)
      let notified = try receiver.requests("/200/\(token)").first { $0.body.contains("no disk") }
      #expect(notified?.headers["x-payops-signature"]?.hasPrefix("v1=") == true)
      #expect(try receiver.requests(token).count == before + 3)
      try await expect(["notify", "list", "--state", "failed"], 0, "job_failed x", connection)
      let list = try await run(["notify", "list", "--json"], connection)
      #expect(list.output.contains("\"notice_state\":\"delivered\""))
      try await expect(["notify", "send"], 0, "0 delivered, 0 to be retried", connection)
      let routes = try await run(["notify", "routes", "--json"], connection)
      #expect(routes.output.contains("\"failed_count\":1"), "\(routes.output)")

      try await connection.execute(
        "UPDATE notification_routes SET target = ? WHERE route_name = 'critical'",
        [.text(receiver.url("/200/\(token)-g"))])
      try await expect(["notify", "retry", "critical"], 0, "1 notices wait", connection)
      try await expect(["notify", "send", "--json"], 0, "\"delivered\": 2", connection)
      // The end of the job's alert, and the end of the alarm about the route.
      _ = try await connection.query("CALL resolve_alert('job_failed', 'x')")
      try await expect(["notify", "disable", "critical"], 0, "critical is off", connection)
      try await expect(["notify", "send"], 0, "1 delivered", connection)
      try await expect(["notify", "enable", "critical"], 0, "critical is on", connection)
      try await expect(["notify", "remove", "critical"], 0, "1 notices are not sent", connection)
      try await expect(["notify", "routes"], 0, "hook", connection)
      try await expect(["notify", "test", "critical"], 64, "the routes are hook", connection)
    }
  }

  @Test("two runs at once notify of an alert once")
  func twoRuns() async throws {
    let receiver = try await Receiver.shared()
    try await TestServer.withSchema { connection in
      let token = Receiver.token()
      try await expect(
        try await add("hook", "/200/\(token)"), 0, "hook sends notifications", connection)
      for number in 0..<6 {
        _ = try await connection.query("CALL raise_alert('r\(number)', 's', 'WARNING', 'm')")
      }
      async let first = run(["notify", "send"], connection)
      async let second = run(["notify", "send"], connection)
      let both = try await [first, second]
      #expect(both.map(\.status) == [0, 0], "\(both)")
      #expect(try receiver.requests(token).count == 6)
    }
  }

  @Test("the notice of a killed sender is sent again under the same key")
  func killed() async throws {
    let receiver = try await Receiver.shared()
    try await TestServer.withSchema { connection in
      let token = Receiver.token()
      try await expect(
        try await add("hook", "/hang/\(token)"), 0, "hook sends notifications", connection)
      _ = try await connection.query("CALL raise_alert('r', 's', 'WARNING', 'm')")
      let names = try await connection.query("SELECT DATABASE() AS name")
      var words = [
        "notify", "send", "--socket", try #require(connection.options.socket), "--database",
        try #require(names.rows.first?["name"]),
      ]
      if let user = connection.options.user { words += ["--user", user] }
      let run = try await ProgramRun.run(try ProgramRun.binary, words) { pid in
        while (try? receiver.requests(token).isEmpty) != false, !Task.isCancelled {
          try? await Task.sleep(for: .milliseconds(10))
        }
        kill(pid, SIGKILL)
      }
      #expect(run.status == 128 + SIGKILL)
      try await connection.execute(
        "UPDATE notification_routes SET target = ?", [.text(receiver.url("/200/\(token)"))])
      try await expect(["notify", "send"], 0, "0 delivered", connection)
      try await connection.execute(
        "UPDATE notifications SET lease_until = UTC_TIMESTAMP(3) - INTERVAL 1 SECOND")
      try await expect(["notify", "send"], 0, "1 delivered", connection)
      let keys = try receiver.requests(token).compactMap { $0.headers["idempotency-key"] }
      #expect(keys.count == 2 && Set(keys).count == 1)
    }
  }

  @Test("the role job sends, ops retries failed notices, and only admin manages routes")
  func roles() async throws {
    try await TestServer.withSchema { connection in
      let schema = try #require(connection.options.database)
      let folder = try TemporaryDirectory.make("notify-roles")
      let log = folder.appending(path: "log").path
      try await expect(
        ["notify", "add", "x", "--kind", "log", "--target", log, "--group", "0"], 0,
        "x sends notifications",
        connection)
      _ = try await run(["roles", "apply"], connection)
      _ = try await connection.query("CALL raise_alert('r', 's', 'WARNING', 'm')")
      for (role, words, status, text) in [
        ("job", ["send"], 0, "1 delivered"), ("job", ["send"], 0, "0 delivered"),
        ("job", ["disable", "x"], 77, ""), ("ops", ["retry", "x"], 0, "0 notices wait"),
        ("ops", ["list"], 0, "delivered"), ("ops", ["routes"], 0, "log"),
        ("ops", ["remove", "x"], 77, ""), ("admin", ["remove", "x"], 0, "x is removed"),
      ] as [(String, [String], Int32, String)] {
        let user = "\(schema)_u_\(role)"
        try await connection.execute(
          "CREATE USER IF NOT EXISTS `\(user)`@localhost IDENTIFIED BY 'secret-of-test'")
        try await connection.execute("GRANT `\(schema)_\(role)` TO `\(user)`@localhost")
        try await connection.execute("SET DEFAULT ROLE `\(schema)_\(role)` FOR `\(user)`@localhost")
        let file = folder.appending(path: role)
        try Data(
          """
          [payops]
          socket = \(try #require(connection.options.socket))
          user = \(user)
          password = secret-of-test
          database = \(schema)
          """.utf8
        ).write(to: file)
        try FileManager.default.setAttributes(
          [.posixPermissions: 0o600], ofItemAtPath: file.path)
        let run = try await ProgramRun.payops(
          ["notify"] + words + ["--defaults-file", file.path])
        #expect(run.status == status, "\(role) \(words): \(run.output)\(run.errors)")
        if status == 0 { #expect(run.output.contains(text), "\(role) \(words): \(run.output)") }
      }
      for role in ["admin", "job", "ops"] {
        try await connection.execute("DROP USER `\(schema)_u_\(role)`@localhost")
      }
      for role in ["admin", "analyst", "backup", "bi", "job", "monitor", "ops"] {
        try await connection.execute("DROP ROLE `\(schema)_\(role)`")
      }
    }
  }

  @Test("routes that cannot work are refused before they are stored")
  func refusals() async throws {
    try await TestServer.withSchema { connection in
      try await expect(
        ["notify", "add", "x", "--kind", "log", "--target", "/tmp/x"], 0, "x sends notifications",
        connection)
      for (words, text) in [
        (["add", "x", "--kind", "log", "--target", "/tmp/x"], "route 'x' already exists"),
        (["add", "y z", "--kind", "log", "--target", "/x"], "'y z' is not a valid route name"),
        (["add", "y"], "needs --kind"),
        (["add", "y", "--kind", "webhook"], "it has no target"),
        (["add", "y", "--kind", "webhook", "--target", "http://x.org"], "does not use TLS"),
        (["add", "y", "--kind", "log", "--target", "/x", "--option", "colour=1"], "'colour'"),
        (["add", "y", "--kind", "log", "--target", "/x", "--option", "colour"], "--option"),
        (["add", "y", "--kind", "slack"], "slack needs a file with its URL"),
        (["remove", "y"], "the routes are x"),
      ] {
        let run = try await run(["notify"] + words, connection)
        #expect(run.status != 0, "\(words)")
        #expect(run.errors.contains(text), "\(words): \(run.errors)")
      }
      let count = try await connection.query("SELECT COUNT(*) AS n FROM notification_routes")
      #expect(count.rows.first?["n"] == "1")
    }
  }
}
