import java.util.*;
import java.util.stream.*;

class Solution {
    record Point(int x, int y) {}

    List<String> words(String text) {
        Map<String, Integer> counts = new HashMap<>();
        for (String word : text.split("\\s+")) counts.merge(word, 1, Integer::sum);
        return counts.keySet().stream().sorted().map(String::trim).collect(Collectors.toList());
    }
}

public class Main {
    public static void main(String[] arguments) {
        List<Boolean> correct = Arrays.asList(
                new Solution().words("b a").equals(Arrays.asList("a", "b")),
                Objects.equals(Optional.of(1L), Optional.of(1L)));
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 3; i++) text.append(i).append(String.format("%d", i));
        if (correct.contains(false)) throw new AssertionError();
    }
}
