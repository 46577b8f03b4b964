import Foundation
package import MariaDBClient
import PayopsCore
internal import Processes
import Synchronization

/// The long-running process for jobs: ticks the scheduler, monitors the watchdog of the database,
/// and survives outages of the database.
package struct Daemon: Sendable {
  /// How it runs.
  package struct Settings: Sendable {
    /// How long the lease of the scheduler stays valid without a tick, seconds.
    package var leaseSeconds = 15
    /// Longest wait between two ticks.
    package var longestWait = Duration.seconds(5)
    /// How long runs may continue after a signal to end.
    package var drain = Duration.seconds(60)
    /// Whether it ends after one tick and the runs that this started.
    package var isOneTick = false

    /// The default settings.
    package init() {}
  }

  package let settings: Settings
  package let log: ServiceLog
  package let manager: ServiceManager
  /// Reads the connection settings again, so that a reload applies a changed configuration: options
  /// with the schema selected, and the server's address.
  package let database: @Sendable () async throws -> (options: ConnectionOptions, server: String)
  /// The command line of a verb on the same database.
  package let program: @Sendable ([String]) -> [String]
  /// Set by SIGHUP.
  package let reload: ReloadRequest

  /// Name of this process as the lease shows it.
  private var holder: String { "\(Host.name) \(ProcessName.current.text)" }

  /// Makes a daemon.
  package init(
    settings: Settings, log: ServiceLog, manager: ServiceManager,
    database: @escaping @Sendable () async throws -> (options: ConnectionOptions, server: String),
    program: @escaping @Sendable ([String]) -> [String], reload: ReloadRequest
  ) {
    self.settings = settings
    self.log = log
    self.manager = manager
    self.database = database
    self.program = program
    self.reload = reload
  }

  /// Runs until the task is cancelled.
  ///
  /// - Throws: errors that waiting does not fix: a wrong configuration, a missing schema
  package func run() async throws {
    var failures = 0
    var isReady = false
    // Runs continue when their scheduler's connection is lost or the configuration is reloaded.
    var schedulers: [Scheduler] = []
    while !Task.isCancelled {
      do {
        try await serve(&schedulers) {
          if !isReady || failures > 0 { manager.notify("READY=1\nSTATUS=jobs are scheduled") }
          failures = 0
          isReady = true
        }
        if settings.isOneTick { break }
      } catch {
        if Task.isCancelled { break }
        let failure = Fault(error)
        if settings.isOneTick || (!isReady && failure.category != .unavailable) { throw error }
        failures += 1
        let wait = Self.backoff(failures)
        log.write(
          .error, "database_lost",
          ["message": failure.message, "retry_in_ms": "\(Int(wait * 1000))"])
        manager.notify("STATUS=waiting for the database: \(failure.message)")
        await sleep(.milliseconds(Int(wait * 1000)), servingWatchdog: true)
      }
    }
    try await end(schedulers)
    manager.notify("STOPPING=1")
    log.write(.info, "stopped")
  }

  /// Seconds to wait after failures in a row: 1, 2, 4 … 60, each drawn from its upper half so that
  /// many daemons do not reconnect at once.
  package static func backoff(_ failures: Int) -> Double {
    let longest = min(60, pow(2, Double(min(failures, 7) - 1)))
    return Double.random(in: longest / 2...longest)
  }

  /// Schedules on one connection until it breaks, a reload is requested or the task is cancelled.
  ///
  /// - Parameters:
  ///   - schedulers: those that still have runs; this one joins them
  ///   - onTick: called after each tick
  private func serve(_ schedulers: inout [Scheduler], onTick: () -> Void) async throws {
    let (options, server) = try await database()
    let connection = try await Connection.open(options)
    let runner = DatabaseJobRunner(options: options, host: Host.name, program: program)
    let log = log
    let scheduler = Scheduler(
      store: DatabaseJobStore(connection, host: Host.name), runner: runner, holder: holder,
      leaseSeconds: settings.leaseSeconds, report: { Self.report($0, to: log) })
    var busy: [Scheduler] = []
    for one in schedulers where await !one.isIdle { busy.append(one) }
    schedulers = busy + [scheduler]
    log.write(.info, "connected", ["server": server, "database": options.database ?? ""])
    var watch = EventWatch()
    do {
      while !Task.isCancelled {
        let due = try await scheduler.tick()
        onTick()
        try await watch.look(connection, log)
        if settings.isOneTick { break }
        if reload.take() {
          log.write(.info, "reloading")
          manager.notify("RELOADING=1\nMONOTONIC_USEC=\(Self.monotonicMicroseconds)")
          manager.notify("READY=1")
          break
        }
        await sleep(try await wait(until: due, connection), servingWatchdog: true)
      }
      await connection.close()
    } catch {
      await connection.close()
      throw error
    }
  }

  /// How long until the next time that is due, at most ``Settings/longestWait``.
  private func wait(until due: CivilInstant?, _ connection: Connection) async throws -> Duration {
    guard let due else { return settings.longestWait }
    let now = try await connection.query(
      "SELECT CAST(TIMESTAMPDIFF(MICROSECOND, UTC_TIMESTAMP(6), ?) AS SIGNED) AS microseconds",
      [.text(due.description)]
    ).rows.first?.integer("microseconds")
    return min(settings.longestWait, max(.milliseconds(20), .microseconds(now ?? 0)))
  }

  /// Waits for runs until their limit, then releases the lease.
  private func end(_ schedulers: [Scheduler]) async throws {
    if !settings.isOneTick { log.write(.info, "draining") }
    let signs = Task {
      while !Task.isCancelled, let interval = manager.watchdogInterval {
        manager.notify("WATCHDOG=1")
        try? await Task.sleep(for: interval / 3)
      }
    }
    defer { signs.cancel() }
    let limit = Task {
      try await Task.sleep(for: settings.drain)
      for scheduler in schedulers { await scheduler.cancel() }
    }
    for scheduler in schedulers { await scheduler.drain() }
    limit.cancel()
    // In a separate task, as a cancellation of this one would also cancel the statements.
    let holder = holder
    let database = database
    try? await Task {
      let connection = try await Connection.open(database().options)
      let row = try await connection.query(
        "SELECT fencing_token FROM scheduler_leases WHERE lease_name = 'scheduler' AND holder = ?",
        [.text(holder)]
      ).rows.first
      if let token = row?.integer("fencing_token") {
        try await connection.execute("CALL release_scheduler_lease(?)", [.integer(token)])
      }
      await connection.close()
    }.value
  }

  /// Sleeps, sends the service manager signs of life, and wakes up early for a reload.
  private func sleep(_ duration: Duration, servingWatchdog: Bool) async {
    let clock = ContinuousClock()
    let end = clock.now + duration
    repeat {
      if manager.watchdogInterval != nil { manager.notify("WATCHDOG=1") }
      let step = min(manager.watchdogInterval.map { $0 / 3 } ?? .seconds(1), .seconds(1))
      try? await Task.sleep(for: min(step, max(.zero, end - clock.now)))
    } while clock.now < end && !Task.isCancelled && !reload.isSet
  }

  private static var monotonicMicroseconds: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
  }

  private static func report(_ event: Scheduler.Event, to log: ServiceLog) {
    switch event {
    case .leading(let token): log.write(.info, "leading", ["fencing_token": "\(token)"])
    case .following: log.write(.info, "following")
    case .starting: break
    case .ended(let job, let time, let outcome):
      let level: ServiceLog.Level =
        switch outcome {
        case .succeeded, .taken, .busy: .info
        case .skipped: .warning
        case .failed, .timedOut: .error
        }
      log.write(
        level, "job_ended",
        ["job": job, "scheduled_for": time.description, "outcome": outcome.rawValue])
    case .troubled(let job, let time, let message):
      log.write(
        .error, "job_troubled",
        ["job": job, "scheduled_for": time.description, "message": message])
    case .missed(let job, let count, let last):
      log.write(
        .warning, "times_missed",
        ["job": job, "count": "\(count)", "last": last.description])
    }
  }
}

/// A requested reload that has not begun.
package final class ReloadRequest: Sendable {
  private let state = Mutex(false)

  /// Starts without a request.
  package init() {}

  /// Whether a reload is pending.
  package var isSet: Bool { state.withLock { $0 } }

  /// Requests a reload.
  package func set() { state.withLock { $0 = true } }

  /// Takes the request; false when none is pending.
  package func take() -> Bool {
    state.withLock { value in
      defer { value = false }
      return value
    }
  }
}
