/// When a delivery is tried again: exponential backoff with full jitter.
///
/// The n-th wait is drawn evenly from 0 to the lesser of ``cap`` and ``base`` · 2ⁿ⁻¹, so that
/// deliveries that failed together do not come back together. Source: M. Brooker, "Exponential
/// Backoff And Jitter", AWS Architecture Blog (2015).
package struct RetrySchedule: Sendable, Equatable {
  /// What to do after a failed attempt.
  package enum Decision: Sendable, Equatable {
    /// Try again after this.
    case wait(Duration)
    /// There were as many attempts as there may be.
    case tooManyAttempts
    /// The next attempt would come when nobody needs it any more.
    case tooOld
  }

  /// The longest first wait.
  package let base: Duration
  /// The longest wait.
  package let cap: Duration
  /// How many attempts there are, the first among them; 1 or more.
  package let maximumAttempts: Int
  /// For how long after the notification was decided it is tried.
  package let maximumAge: Duration

  /// Describes a schedule; what is out of range is brought into it.
  package init(
    base: Duration = .seconds(10), cap: Duration = .seconds(900), maximumAttempts: Int = 20,
    maximumAge: Duration = .seconds(86_400)
  ) {
    self.base = max(base, .milliseconds(1))
    self.cap = max(cap, self.base)
    self.maximumAttempts = max(maximumAttempts, 1)
    self.maximumAge = max(maximumAge, .zero)
  }

  /// The longest that the jitter draws.
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
  ///   - age: how long ago the notification was decided.
  ///   - retryAfter: what the receiver asked for; it counts where it is longer.
  ///   - generator: where the jitter comes from.
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
