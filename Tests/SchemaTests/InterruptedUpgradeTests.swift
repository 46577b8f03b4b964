import EmbeddedServer
import Foundation
import MariaDBClient
import PayopsCore
import Synchronization
import TestSupport
import Testing

@testable import Schema

@Suite("Upgrade that is killed", .timeLimit(.minutes(20)))
struct InterruptedUpgradeTests {
  /// How many writing statements a run gets before it is cut. Each object takes two, its own and
  /// that of the record, so that both are cut: in the long form at every object, otherwise at some.
  private static let strides =
    isLong ? [2, 3] : [57, 98, 61, 130]

  /// Leads a schema to the present with cuts, until a run comes to its end.
  ///
  /// - Returns: the statements at which it was cut.
  private static func deploy(to options: ConnectionOptions) async throws -> [String] {
    let relay = try await CuttingRelay(to: options)
    let planned = Mutex(Int.max)
    // A step of many statements begins anew in each run: one more at a time, until it is through.
    var extra = 0
    for run in 1...5_000 {
      let before = planned.withLock { $0 }
      let connection = try await Connection.open(
        try relay.options(options, run: run, cutAt: strides[run % strides.count] + extra))
      let outcome = await Result {
        try await Deployment(connection: connection).deploy { _, count, _ in
          planned.withLock { $0 = count }
        }
      }
      await connection.close()
      extra = planned.withLock { $0 } < before ? 0 : extra + 1
      let cuts = try relay.cuts()
      if case .success = outcome {
        #expect(cuts.count == run - 1)
        return cuts.map(\.statement)
      }
      // A failure that no cut explains would be a failure of the upgrade.
      try #require(cuts.count == run, "\(outcome)")
    }
    Issue.record("the deployment never came to its end")
    return []
  }

  private static let isLong = ProcessInfo.processInfo.environment["PAYOPS_TEST_LONG"] != nil

  /// Earlier versions, and what they were installed by; all pairs in the long form.
  private static let installations =
    [("0.1.0", "client"), ("0.1.0-alpha", "program")]
    + (isLong ? [("0.1.0", "program"), ("0.1.0-alpha", "client")] : [])

  @Test("is completed by the same command, with every row", arguments: installations)
  func cut(release: String, installer: String) async throws {
    let earlier = try await RecordedRelease.manifest(release)
    try await TestServer.withSchema { fresh in
      try await TestServer.withSchema(deployed: false) { connection in
        if installer == "program" {
          try await Deployment(connection: connection, manifest: earlier, version: "old").deploy()
        } else {
          try await EarlierVersionTests.install(earlier, on: connection)
        }
        try await EarlierVersionTests.pay(connection)
        let before = try await EarlierVersionTests.contents(connection)

        let cuts = try await Self.deploy(to: connection.options)
        #expect(cuts.count >= 4)
        try await Self.check(connection, against: fresh, contents: before)
      }
    }
  }

  /// Holds a schema to what a fresh installation is, and to the rows that it had.
  private static func check(
    _ connection: Connection, against fresh: Connection, contents: [[String?]]
  ) async throws {
    #expect(try await EarlierVersionTests.contents(connection) == contents)
    let deployment = try Deployment(connection: connection)
    #expect(try await deployment.drift() == [])
    #expect(try await deployment.deploy() == [])
    let wanted = try await UpgradeTests.definitions(fresh)
    let found = try await UpgradeTests.definitions(connection)
    let different = Set(wanted.keys).union(found.keys).filter { wanted[$0] != found[$0] }
    #expect(different.sorted() == [])
    try await EarlierVersionTests.checkRollups(connection)
  }

  /// At how many steps of the deployment the server is killed, while it runs the statement.
  private static let kills =
    isLong ? 60 : 2

  @Test(
    "is completed after the server was killed",
    arguments: isLong ? ["0.1.0-alpha", "0.1.0"] : ["0.1.0"])
  func killedServer(release: String) async throws {
    let earlier = try await RecordedRelease.manifest(release)
    let server = try await TestServer.privateServer()
    var options = server.connectionOptions
    let administrator = try await Connection.open(options)
    try await administrator.execute("CREATE DATABASE upgraded \(TextDefaults.clause)")
    await administrator.close()
    options.database = "upgraded"
    var connection = try await Connection.open(options)
    try await Deployment(connection: connection, manifest: earlier, version: "old").deploy()
    try await EarlierVersionTests.pay(connection)
    let before = try await EarlierVersionTests.contents(connection)
    var generator = SeededRandom(seed: 20_261_129)
    var killed = 0
    for turn in 0..<Self.kills {
      let plan = try await Deployment(connection: connection).plan()
      guard let pid = server.server.processIdentifier, !plan.isEmpty else { break }
      // The migrations first, where the most is at stake.
      let place = turn.isMultiple(of: 2) ? plan.firstIndex { $0.action == .migrate } : nil
      let last = min(plan.count, 2 * plan.count / (Self.kills - turn))
      let step = 1 + (place ?? Int(generator.next() % UInt64(max(1, last))))
      let delay = generator.next() % 4
      let outcome = await Result {
        try await Deployment(connection: connection).deploy { number, _, _ in
          guard number == step else { return }
          Thread.detachNewThread {
            usleep(UInt32(delay * 1_000))
            kill(pid, SIGKILL)
          }
        }
      }
      await connection.close()
      if case .failure = outcome { killed += 1 }
      try await server.kill()
      try await server.restart()
      connection = try await Connection.open(options)
    }
    #expect(killed > 0)
    try await Deployment(connection: connection).deploy()
    let upgraded = connection
    try await TestServer.withSchema { fresh in
      try await Self.check(upgraded, against: fresh, contents: before)
    }
    await connection.close()
    try await server.remove()
  }
}

extension Result where Failure == any Error {
  /// What a body returns or throws.
  fileprivate init(_ body: () async throws -> Success) async {
    do {
      self = .success(try await body())
    } catch {
      self = .failure(error)
    }
  }
}
