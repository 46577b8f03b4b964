/// Finds the word that a mistyped one most likely stands for.
///
/// - Parameters:
///   - word: what was typed
///   - candidates: the words that are known
/// - Returns: the candidate with the least edit distance, if that is at most a third of the word's
///   length (2 for short words) and, where half of the word differs, the first letter is the same;
///   or the only candidate that starts with the word
package func nearestWord(to word: String, among candidates: [String]) -> String? {
  let begun = candidates.filter { $0.hasPrefix(word) }
  if word.count >= 2, begun.count == 1 { return begun[0] }
  let best =
    candidates
    .map { (candidate: $0, distance: editDistance(Array(word), Array($0))) }
    .min { $0.distance < $1.distance }
  guard let best, best.distance <= max(2, word.count / 3), best.distance < word.count,
    2 * best.distance < word.count || best.candidate.first == word.first
  else { return nil }
  return best.candidate
}

/// Counts the insertions, deletions, replacements and swaps of neighbours between two words.
///
/// - Parameters:
///   - left: a word
///   - right: a word
/// - Returns: the distance (optimal string alignment)
package func editDistance(_ left: [Character], _ right: [Character]) -> Int {
  var beforeLast: [Int] = []
  var last = Array(0...right.count)
  for (row, a) in left.enumerated() {
    var next = [row + 1]
    for (column, b) in right.enumerated() {
      var cost = min(last[column + 1] + 1, next[column] + 1, last[column] + (a == b ? 0 : 1))
      if row > 0, column > 0, a == right[column - 1], left[row - 1] == b {
        cost = min(cost, beforeLast[column - 1] + 1)
      }
      next.append(cost)
    }
    beforeLast = last
    last = next
  }
  return last[right.count]
}
