internal import Catalogue
internal import Foundation
package import MariaDBClient
internal import PayopsCore

/// The page that Prometheus scrapes: what the published views say, as text.
///
/// However many scrapers ask, the database is read once per interval, by one connection, until a
/// deadline: a scrape never waits longer, and no scrape piles up behind another.
package actor MetricsPage {
  private struct Collected: Sendable {
    let families: [MetricFamily]
    let failure: (any Error)?
  }

  /// A catalogue with the instant of its reading; it changes with deployments only.
  private struct Plan: Sendable {
    let catalogue: Catalogue
    let currency: String?
    let readAt: ContinuousClock.Instant
  }

  private let open: @Sendable () async throws -> Connection
  private let deadline: Duration
  private let interval: Duration
  private let clock = ContinuousClock()
  private var plan: Plan?
  private var last: (collected: Collected, at: ContinuousClock.Instant)?
  private var running: Task<Collected, Never>?

  /// How long a catalogue is used.
  private static let planLifetime = Duration.seconds(300)

  /// Makes a page.
  ///
  /// - Parameters:
  ///   - deadline: the most time that a scrape waits for the database
  ///   - interval: how long an answer is given again
  ///   - open: opens a connection with the schema selected, of an account that may be no more than
  ///     `monitor`
  package init(
    deadline: Duration = .seconds(5), interval: Duration = .seconds(10),
    open: @escaping @Sendable () async throws -> Connection
  ) {
    self.open = open
    self.deadline = deadline
    self.interval = interval
  }

  /// Why the database could not be read last; nil when it could.
  package var failure: (any Error)? { last?.collected.failure }

  /// The page.
  ///
  /// - Parameter extra: further families, such as those of the HTTP server; never cached
  package func text(extra: [MetricFamily] = []) async -> String {
    Exposition.text(of: await families() + extra)
  }

  /// What is on the page.
  package func families() async -> [MetricFamily] { await collected().families + [Self.build] }

  private static let build = MetricFamily(
    "payops_build_info", help: "the version of payops",
    samples: [.init(1, labels: [.init("version", Version.current)])])

  private func collected() async -> Collected {
    if let last, clock.now - last.at < interval { return last.collected }
    let task = running ?? Task { await self.collect() }
    running = task
    return await Self.first(of: task, within: deadline)
      ?? Collected(families: [Self.up(false)], failure: nil)
  }

  /// The value of a task, or nil when it takes too long; the task itself continues.
  private static func first(
    of task: Task<Collected, Never>, within limit: Duration
  ) async -> Collected? {
    let (answers, continuation) = AsyncStream<Collected?>.makeStream()
    let waiting = Task {
      continuation.yield(await task.value)
      continuation.finish()
    }
    let timer = Task {
      try await Task.sleep(for: limit)
      continuation.yield(nil)
      continuation.finish()
    }
    defer {
      waiting.cancel()
      timer.cancel()
    }
    for await answer in answers { return answer }
    return nil
  }

  private func collect() async -> Collected {
    // Before the scraper gives up, so that it gets what could be read.
    let end = clock.now + deadline * 0.8
    var found = Plan?.none
    if let plan, clock.now - plan.readAt < Self.planLifetime { found = plan }
    let known = found
    let seconds = max(1, deadline.components.seconds)
    let collected: Collected
    do {
      let (families, plan) = try await open().use { connection in
        // No statement outlives the scrape, and none waits for a table that somebody alters: its
        // metrics are missing once.
        try await connection.limitStatements(toSeconds: Int(seconds))
        // MySQL takes no less than a second.
        try await connection.execute(
          "SET SESSION lock_wait_timeout = \(connection.serverVersion.isMariaDB ? 0 : 1)")
        let plan: Plan
        if let known { plan = known } else { plan = try await Self.plan(on: connection) }
        return (try await Self.read(connection, by: plan, until: end), plan)
      }
      self.plan = plan
      collected = Collected(families: families, failure: nil)
    } catch {
      // The next try may find another schema.
      plan = nil
      collected = Collected(families: [Self.up(false)], failure: error)
    }
    last = (collected, clock.now)
    running = nil
    return collected
  }

  private static func plan(on connection: Connection) async throws -> Plan {
    let catalogue = try await Catalogue.read(on: connection)
    let head = try? await connection.query("SELECT base_currency FROM ops_health").rows.first
    return Plan(
      catalogue: catalogue, currency: head?["base_currency"], readAt: ContinuousClock().now)
  }

  /// Reads every source from one snapshot, so that the numbers agree.
  private static func read(
    _ connection: Connection, by plan: Plan, until end: ContinuousClock.Instant
  ) async throws -> [MetricFamily] {
    try await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    try await connection.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")
    let moment = try await Catalogue.moment(on: connection)
    var reading = MetricReading(catalogue: plan.catalogue, currency: plan.currency)
    for source in MetricSource.all {
      await reading.read(source, on: connection, within: end - ContinuousClock().now)
    }
    let server = (try? await ServerStatus.read(on: connection)) ?? []
    _ = try? await connection.execute("COMMIT")
    let asOf = MetricFamily(
      "payops_exporter_as_of_timestamp_seconds", help: "the moment of all figures",
      samples: moment.flatMap { CivilInstant($0) }.map { [.init(Double($0.secondsSinceEpoch))] }
        ?? [])
    return [up(true), asOf] + reading.families + reading.ownFamilies + server
  }

  private static func up(_ isUp: Bool) -> MetricFamily {
    MetricFamily(
      "payops_up", help: "1 when the database could be read in time", value: isUp ? 1 : 0)
  }
}
