import Foundation
import MariaDBClient
import TestSupport
import Testing

@Suite("payops generate", .timeLimit(.minutes(10)))
struct GenerateCommandTests {
  private static let small = ["--transactions=2k", "--days=3", "--customers=200", "--seed=7"]

  @Test("generate loads once, reports what it did, and adds nothing when repeated")
  func load() async throws {
    try await TestServer.withSchema { connection in
      let rows = try await connection.query("SELECT DATABASE() AS name").rows
      let database = try #require(rows.first?["name"])
      let socket = try #require(connection.options.socket)
      func generate(_ more: String...) async throws -> ProgramRun {
        try await ProgramRun.payops(
          ["generate", "--socket", socket, "--database", database] + Self.small + more,
          deadline: .seconds(300))
      }
      let first = try await generate("--json", "--incidents=volume_drop", "--typologies=mule=2")
      #expect(first.status == 0, "\(first.errors)")
      let report = try #require(
        try JSONSerialization.jsonObject(with: Data(first.output.utf8)) as? [String: Any])
      #expect(report["payments"] as? Int == 2000)
      #expect(report["added_payments"] as? Int == 2000)
      #expect(report["planted_events"] as? Int == 1)
      // Three days are too short for a mule.
      #expect(
        first.errors == "only 1 planted events fit into the period, of 3 asked for by name\n")
      #expect(report["already_there"] as? Bool == false)
      let again = try await generate("--incidents=volume_drop", "--typologies=mule=2")
      #expect(again.status == 0, "\(again.errors)")
      #expect(again.output.hasSuffix("already there; nothing added\n"), "\(again.output)")
      let count = try await connection.query("SELECT COUNT(*) AS n FROM transactions").rows.first
      #expect(count?.integer("n") == 2000)
    }
  }

  @Test("an interrupted generate says that the same command continues, and it does")
  func interrupted() async throws {
    try await TestServer.withSchema { connection in
      let rows = try await connection.query("SELECT DATABASE() AS name").rows
      let database = try #require(rows.first?["name"])
      let socket = try #require(connection.options.socket)
      let arguments = ["generate", "--socket", socket, "--database", database] + Self.small
      // The first lock of a generator blocks it until the signal is sent.
      let lock = "CONCAT('payops.generate.', LEFT(DATABASE(), 40))"
      _ = try await connection.query("SELECT GET_LOCK(\(lock), 0)")
      let found = try await ProgramRun.run(
        try ProgramRun.binary, arguments,
        whileRunning: { pid in
          let waiting =
            "SELECT 1 AS x FROM information_schema.PROCESSLIST WHERE STATE = 'User lock'"
            + " AND DB = DATABASE()"
          while (try? await connection.query(waiting).rows.isEmpty) ?? false {
            try? await Task.sleep(for: .milliseconds(5))
          }
          kill(pid, SIGINT)
          _ = try? await connection.query("SELECT RELEASE_LOCK(\(lock))")
        })
      #expect(found.status == 130)
      #expect(
        found.errors == """
          what is loaded stays; the same command carries on where this one ended
          payops: interrupted

          """)
      let carriedOn = try await ProgramRun.payops(arguments, deadline: .seconds(300))
      #expect(carriedOn.status == 0, "\(carriedOn.errors)")
      let count = try await connection.query("SELECT COUNT(*) AS n FROM transactions").rows.first
      #expect(count?.integer("n") == 2000)
    }
  }

  @Test("generate --live runs for the requested time, or until Ctrl-C")
  func live() async throws {
    try await TestServer.withSchema { connection in
      let rows = try await connection.query("SELECT DATABASE() AS name").rows
      let database = try #require(rows.first?["name"])
      let socket = try #require(connection.options.socket)
      let arguments =
        ["generate", "--socket", socket, "--database", database, "--json", "--live=50"]
        + Self.small
      @Sendable func count() async throws -> Int64 {
        let rows = try await connection.query("SELECT COUNT(*) AS n FROM transactions").rows
        return rows.first?.integer("n") ?? 0
      }
      let bounded = try await ProgramRun.payops(
        arguments + ["--duration=2", "--updates=5"], deadline: .seconds(300))
      #expect(bounded.status == 0, "\(bounded.errors)")
      let report = try #require(
        try JSONSerialization.jsonObject(with: Data(bounded.output.utf8)) as? [String: Any])
      let payments = try #require(report["payments"] as? Int)
      #expect(payments > 0)
      let stored = try await count()
      #expect(stored == 2000 + Int64(payments))

      let endless = try await ProgramRun.run(
        try ProgramRun.binary, arguments, deadline: .seconds(300),
        whileRunning: { pid in
          while ((try? await count()) ?? .max) <= stored {
            try? await Task.sleep(for: .milliseconds(20))
          }
          kill(pid, SIGINT)
        })
      #expect(endless.status == 130)
      #expect(endless.output.contains(#""payments": "#))
      #expect(endless.errors.hasSuffix("payops: interrupted\n"), "\(endless.errors)")
    }
  }

  @Test("generate --live goes on with the history that is there, also slowly, and adds no other")
  func liveHistory() async throws {
    try await TestServer.withSchema { connection in
      let rows = try await connection.query("SELECT DATABASE() AS name").rows
      let database = try #require(rows.first?["name"])
      let socket = try #require(connection.options.socket)
      let place = ["--socket", socket, "--database", database, "--json"]
      func runs() async throws -> Int {
        try await connection.query("SELECT simulation_id FROM simulation_runs").rows.count
      }
      let live = ["generate", "--live=0.5", "--duration=5"] + place
      let nothing = try await ProgramRun.payops(live)
      #expect(nothing.status == 78, "\(nothing.errors)")
      #expect(nothing.errors.contains("holds no generated history"), "\(nothing.errors)")
      #expect(try await runs() == 0)
      let made = try await ProgramRun.payops(
        ["generate"] + place + Self.small, deadline: .seconds(300))
      #expect(made.status == 0, "\(made.errors)")
      let slow = try await ProgramRun.payops(live, deadline: .seconds(300))
      #expect(slow.status == 0, "\(slow.errors)")
      let report = try #require(
        try JSONSerialization.jsonObject(with: Data(slow.output.utf8)) as? [String: Any])
      let payments = try #require(report["payments"] as? Int)
      #expect((1...3).contains(payments), "\(payments)")
      #expect(try await runs() == 1)
      let count = try await connection.query("SELECT COUNT(*) AS n FROM transactions").rows.first
      #expect(count?.integer("n") == 2000 + Int64(payments))
    }
  }

  @Test("generate writes the same CSV file for the same options, without a server")
  func export() async throws {
    let directory = FileManager.default.temporaryDirectory
      .appending(path: "payops-export-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: directory) }
    func export(_ name: String) async throws -> Data {
      let folder = directory.appending(path: name)
      let run = try await ProgramRun.payops(
        ["generate", "--export", folder.path, "--end=2026-01-01", "--quiet"] + Self.small)
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.output.hasPrefix("2,000 payments in "), "\(run.output)")
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(names == ["payments.csv"])
      return try Data(contentsOf: folder.appending(path: "payments.csv"))
    }
    let first = try await export("a")
    #expect(first.count { $0 == 0x0A } == 2001)
    #expect(try await export("b") == first)
  }

  @Test(
    "generate refuses impossible options as a usage error",
    arguments: [
      (["--transactions=5"], "number of transactions is out of range"),
      (["--customers=1"], "number of customers is out of range"),
      (["--seed=-1"], "option --seed: '-1' is not a whole number, 0 or more"),
      (["--incidents=outage"], "option --incidents: 'outage' is no kind"),
      (["--live=5"], "--live and --export exclude each other"),
      (["--updates=5"], "option --updates needs --live"),
      (["--duration=5"], "option --duration needs --live"),
      (["--typologies=mule=1M"], "number of planted events is out of range"),
    ])
  func refused(arguments: [String], message: String) async throws {
    let run = try await ProgramRun.payops(["generate", "--export=out"] + arguments)
    #expect(run.status == 64)
    #expect(run.errors.hasPrefix("payops: error: \(message)\n"), "\(run.errors)")
  }

  @Test("generate reports a directory that cannot be written")
  func unwritable() async throws {
    let run = try await ProgramRun.payops(["generate", "--export=/proc/nowhere"] + Self.small)
    #expect(run.status == 73, "\(run.errors)")
  }
}
