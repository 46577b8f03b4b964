/// When a delivery is retried: exponential backoff with full jitter.
///
/// The n-th wait is drawn uniformly from 0 to the lesser of ``cap`` and ``base`` · 2ⁿ⁻¹, so that
/// deliveries that failed together are not retried together. Source: M. Brooker, "Exponential
/// Backoff And Jitter", AWS Architecture Blog (2015).
package struct RetrySchedule: Sendable, Equatable {
  /// What to do after a failed attempt.
  package enum Decision: Sendable, Equatable {
    /// Retry after this wait.
    case wait(Duration)
    /// The maximum number of attempts was made.
    case tooManyAttempts
    /// The next attempt would come after the maximum age.
    case tooOld
  }

  /// The longest first wait.
  package let base: Duration
  /// The longest wait.
  package let cap: Duration
  /// The maximum number of attempts, including the first; 1 or more.
  package let maximumAttempts: Int
  /// How long after its creation a notification is still tried.
  package let maximumAge: Duration

  /// Makes a schedule; values out of range are clamped.
  package init(
    base: Duration = .seconds(10), cap: Duration = .seconds(900), maximumAttempts: Int = 20,
    maximumAge: Duration = .seconds(86_400)
  ) {
    self.base = max(base, .milliseconds(1))
    self.cap = max(cap, self.base)
    self.maximumAttempts = max(maximumAttempts, 1)
    self.maximumAge = max(maximumAge, .zero)
  }

  /// The longest wait that the jitter can draw.
  ///
  /// - Parameter attempts: how many attempts have failed; 1 or more.
  package func ceiling(afterAttempts attempts: Int) -> Duration {
    var wait = base
    for _ in 1..<max(attempts, 1) {
      if wait >= cap { break }
      wait = wait + wait
    }
    return min(wait, cap)
  }

  /// Decides after a failed attempt.
  ///
  /// - Parameters:
  ///   - attempts: how many attempts have failed; 1 or more.
  ///   - age: how long ago the notification was created.
  ///   - retryAfter: the wait that the receiver asks for; it applies when it is longer.
  ///   - generator: the source of the jitter.
  package func decision(
    afterAttempts attempts: Int, age: Duration, retryAfter: Duration?,
    using generator: inout some RandomNumberGenerator
  ) -> Decision {
    guard attempts < maximumAttempts else { return .tooManyAttempts }
    let milliseconds = ceiling(afterAttempts: attempts) / .milliseconds(1)
    let drawn = Duration.milliseconds(
      Int64.random(in: 0...Int64(milliseconds), using: &generator))
    let wait = max(drawn, retryAfter ?? .zero)
    return age + wait > maximumAge ? .tooOld : .wait(wait)
  }
}
