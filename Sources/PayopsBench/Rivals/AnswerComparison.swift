import Foundation

/// Compares two answers to a question value by value.
struct AnswerComparison: Sendable {
  private let question: Question

  /// Prepares the comparison of the answers to a question.
  init(_ question: Question) { self.question = question }

  /// Finds the first difference.
  ///
  /// - Parameters:
  ///   - ours: rows from the published views, in any order.
  ///   - theirs: rows computed from the payments, in any order.
  /// - Returns: what differs; nil when the answers agree.
  func difference(_ ours: [[String?]], _ theirs: [[String?]]) -> String? {
    guard ours.count == theirs.count else {
      return "\(ours.count) rows against \(theirs.count)"
    }
    let pairs = zip(ours.sorted(by: precedes), theirs.sorted(by: precedes))
    for (row, other) in pairs {
      guard row.count == question.kinds.count, other.count == question.kinds.count else {
        return "an answer has \(row.count) or \(other.count) columns"
      }
      for (column, kind) in question.kinds.enumerated()
      where !agree(row[column], other[column], kind) {
        return "column \(column + 1) of \(key(row).joined(separator: ", ")):"
          + " \(row[column] ?? "NULL") against \(other[column] ?? "NULL")"
      }
    }
    return nil
  }

  private func key(_ row: [String?]) -> [String] {
    zip(question.kinds, row).compactMap { kind, value in
      if case .key = kind { value ?? "" } else { nil }
    }
  }

  private func precedes(_ left: [String?], _ right: [String?]) -> Bool {
    key(left).lexicographicallyPrecedes(key(right))
  }

  private func agree(_ ours: String?, _ theirs: String?, _ kind: Question.Kind) -> Bool {
    guard let ours, let theirs else { return ours == nil && theirs == nil }
    switch kind {
    case .key: return ours == theirs
    case .count:
      guard let left = Decimal(string: ours), let right = Decimal(string: theirs) else {
        return false
      }
      return left == right
    case .amount:
      guard let left = Decimal(string: ours), let right = Decimal(string: theirs) else {
        return false
      }
      return abs(left - right) < Decimal(5) / 1000
    case .ratio(let margin):
      guard let left = Double(ours), let right = Double(theirs) else { return false }
      return abs(left - right) <= margin
    case .percentile:
      guard let left = Double(ours), let exact = Double(theirs) else { return false }
      return abs(left - exact) <= max(exact < 1 ? 1 : 0, exact * 0.0501)
    }
  }
}
