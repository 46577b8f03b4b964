internal import PayopsCore

/// Times of a page in the addresses of its links: `{day}` and `{hour}` are the begin of the day and
/// of the hour, `{day-6}` and `{hour-72}` so many before, `{days-90}` is so many times 24 hours
/// before the instant, and `{next}` the second after it.
package struct PageTimes: Sendable {
  private let now: CivilInstant?

  /// Takes the instant of a page, as the database writes it.
  package init(_ moment: String) {
    now = CivilInstant(moment.prefix(19))
  }

  /// The address with its times filled in.
  package func filled(_ address: String) -> String {
    address.replacing(/\{(day|days|hour|next)(?:-([0-9]{1,4}))?\}/) { match in
      text(String(match.1), back: match.2.flatMap { Int($0) } ?? 0)
    }
  }

  private func text(_ word: String, back: Int) -> String {
    guard let now else { return "" }
    let second = now.secondsSinceEpoch
    let instant =
      switch word {
      case "day": second - now.secondOfDay - back * 86_400
      case "days": second - back * 86_400
      case "hour": second - now.secondOfDay % 3600 - back * 3600
      default: second + 1
      }
    return CivilInstant(secondsSinceEpoch: instant).rfc3339
  }
}
