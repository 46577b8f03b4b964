package import MariaDBClient
package import PayopsCore
import Synchronization

/// A sum that several workers add to.
private final class SharedCount: Sendable {
  private let value: Mutex<Int>

  init(_ value: Int) { self.value = Mutex(value) }

  func add(_ number: Int) -> Int {
    value.withLock { count in
      count += number
      return count
    }
  }
}

/// Generates a history and loads it into a database.
///
/// Each chunk of hours is one transaction, recorded in `simulation_chunks`: after an interruption
/// the same parameters continue after the last chunk, and after completion add nothing.
package struct SimulationLoader: Sendable {
  private let options: ConnectionOptions
  private let parameters: SimulationParameters
  private let workers: Int
  private let chunkLimit: Int

  /// Prepares a load.
  ///
  /// - Parameters:
  ///   - options: server and schema.
  ///   - parameters: what to generate.
  ///   - workers: connections that load at the same time.
  ///   - chunkLimit: payments in one transaction, roughly at most.
  package init(
    options: ConnectionOptions, parameters: SimulationParameters, workers: Int = 2,
    chunkLimit: Int = 60_000
  ) {
    self.options = options
    self.parameters = parameters
    self.workers = max(1, workers)
    self.chunkLimit = max(1, chunkLimit)
  }

  /// Loads the missing chunks of the run.
  ///
  /// - Parameters:
  ///   - now: the present; the end of the history when the parameters give none. A run of the same
  ///     parameters that is already there keeps its end.
  ///   - progress: called after each committed chunk, from any thread.
  /// - Returns: a report of the run.
  /// - Throws: ``SimulationError``, `DatabaseError`, or `CancellationError`; chunks committed by
  ///   then stay and count.
  package func run(
    now: CivilInstant, progress: @escaping @Sendable (SimulationProgress) -> Void = { _ in }
  ) async throws -> SimulationReport {
    try parameters.validate()
    let main = try await Connection.open(options)
    defer { Task { await main.close() } }
    try await main.lockGenerator()
    let run = try await main.registerRun(
      parameters, end: parameters.end ?? now.truncatedToMinute,
      settlementLimit: parameters.transactions)
    if run.isCompleted {
      return try await main.report(run, parameters: parameters, added: 0, wasAlreadyThere: true)
    }
    let plan = SimulationPlan(parameters: parameters, end: run.end, chunkLimit: chunkLimit)
    let schedule = try await main.dueSchedule(from: plan.startSecond, to: plan.endSecond)
    let rates = try await main.exchangeRates()
    try await main.prepareBulkSession()
    var done = try await main.committedChunks(of: run)
    if !done.contains(-1) {
      try await main.transaction { connection in
        try connection.writeCustomers(run: run, plan: plan)
        try connection.keepDetail(until: run.end)
      }
      done.insert(-1)
    }
    let present = plan.chunks.filter { done.contains($0.number) }.reduce(0) { $0 + $1.paymentCount }
    let total = parameters.transactions
    let committed = SharedCount(present)
    progress(SimulationProgress(payments: present, total: total))

    let job = ChunkJob(
      options: options, run: run, plan: plan, schedule: schedule, rates: rates, done: done)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for worker in 0..<workers {
        group.addTask {
          try await job.perform(worker: worker, of: workers) { payments in
            progress(SimulationProgress(payments: committed.add(payments), total: total))
          }
        }
      }
      try await group.waitForAll()
    }
    try await main.completeRun(run, expected: total)
    return try await main.report(
      run, parameters: parameters, added: total - present, wasAlreadyThere: false)
  }
}
