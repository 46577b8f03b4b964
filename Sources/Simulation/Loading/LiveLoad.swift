package import MariaDBClient
import PayopsCore

/// The progress of a live load.
package struct LiveProgress: Sendable, Equatable {
  /// Payments committed.
  package var payments = 0
  /// Payments that got their outcome after they were committed.
  package var updates = 0
  /// Settlements committed.
  package var settlements = 0
  /// Seconds since the start.
  package var elapsedSeconds = 0.0
}

/// Keeps generating payments in real time through the captured path, as an application would.
///
/// The accounts are those of a history that ``SimulationLoader`` loaded with the same parameters.
package struct LiveLoad: Sendable {
  private let options: ConnectionOptions
  private let parameters: SimulationParameters
  private let ratePerSecond: Double
  private let updatesPerSecond: Double

  /// Prepares a live load.
  ///
  /// - Parameters:
  ///   - options: server and schema.
  ///   - parameters: those of the history.
  ///   - ratePerSecond: payments per second, above 0; 0.2 is one in five seconds.
  ///   - updatesPerSecond: outcomes of earlier, open payments per second.
  package init(
    options: ConnectionOptions, parameters: SimulationParameters, ratePerSecond: Double,
    updatesPerSecond: Double = 0
  ) {
    self.options = options
    self.parameters = parameters
    self.ratePerSecond = max(0.001, ratePerSecond)
    self.updatesPerSecond = max(0, updatesPerSecond)
  }

  /// Generates until the duration has passed or the task is cancelled.
  ///
  /// - Parameters:
  ///   - duration: how long; nil until cancelled.
  ///   - batchInterval: time between two commits.
  ///   - now: the present; a parameter so that tests can set it.
  ///   - progress: called about once a second.
  /// - Returns: the totals.
  /// - Throws: ``SimulationError`` when there is no such history, or `DatabaseError`.
  package func run(
    duration: Duration?, batchInterval: Duration = .milliseconds(100),
    now: @escaping @Sendable () -> (second: Int, millisecond: Int),
    progress: @escaping @Sendable (LiveProgress) -> Void = { _ in }
  ) async throws -> LiveProgress {
    try parameters.validate()
    let connection = try await Connection.open(options)
    let follower = try await Connection.open(options)
    defer {
      Task {
        await connection.close()
        await follower.close()
      }
    }
    guard let run = try await connection.findRun(parameters), run.isCompleted else {
      throw SimulationError(
        .missingReference, "there is no complete history with these parameters",
        hint: "generate the history first")
    }
    let plan = SimulationPlan(parameters: parameters, end: run.end)
    let start = now().second
    let schedule = try await connection.dueSchedule(from: start, to: start + 40 * 86_400)
    let rates = try await connection.exchangeRates()
    let format = PaymentFormat(plan: plan, firstAccountId: run.firstAccountId, rates: rates)
    var sampler = LiveSampler(
      plan: plan, schedule: schedule,
      openShare: updatesPerSecond == 0
        ? 0.02 : min(0.5, 1.02 * updatesPerSecond / ratePerSecond), second: start)

    let (batches, continuation) = AsyncStream.makeStream(of: LiveBatch.self)
    let followUp = LiveFollowUp(rates: rates, now: { now().second })
    async let followed = followUp.perform(on: follower, batches: batches)

    let clock = ContinuousClock()
    let began = clock.now
    var done = LiveProgress()
    var reported = began
    do {
      while !Task.isCancelled, duration.map({ clock.now - began < $0 }) ?? true {
        let elapsed = (clock.now - began).seconds
        let due = Int(elapsed * ratePerSecond) - done.payments
        if due > 0 {
          let (second, millisecond) = now()
          // A late batch does not grow without bound: a server that cannot keep up gets fewer
          // payments.
          var batch = sampler.batch(
            count: min(due, Int(ratePerSecond.rounded(.up))), second: second,
            millisecond: millisecond)
          batch.keys = try await connection.insertLive(batch.payments, format: format)
          done.payments += batch.payments.count
          done.elapsedSeconds = (clock.now - began).seconds
          continuation.yield(batch)
        }
        if clock.now - reported >= .seconds(1) {
          reported = clock.now
          progress(done)
        }
        let spent = clock.now - began
        let next = Int(spent / batchInterval) + 1
        try? await clock.sleep(until: began + batchInterval * next)
      }
    } catch {
      continuation.finish()
      _ = try? await followed
      throw error
    }
    continuation.finish()
    let rest = try await followed
    done.updates = rest.updates
    done.settlements = rest.settlements
    done.elapsedSeconds = (clock.now - began).seconds
    progress(done)
    return done
  }
}

extension Duration {
  /// The duration in seconds.
  fileprivate var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
