"""Holds the thresholds of matching, with the effect of each.

Likeness and shares go from 0 to 1. A feature is a word or a pair of neighbouring words, and counts 1/n where n parts
have it. The tests are in ``tests/document/test_matching.py``, and each fails when its constant is raised or lowered.
A part that is *asked* is ambiguous: a person decides it.

| constant        | unit     | raised                    | lowered                   | test that fails
| --------------- | -------- | ------------------------- | ------------------------- | -------------------------------
| SURE            | likeness | edited parts are asked    | other texts are paired    | half_equal_text_is_sure
| POSSIBLE        | likeness | kept text counts as split | a kept line hides a split | kept_text_is_not_split_off
| MARGIN          | likeness | more parts are asked      | near copies are mixed up  | near_candidates_are_ambiguous
| FITTING         | likeness | edited parts become new   | other texts are asked     | third_equal_text_is_ambiguous
| NAMED           | likeness | short parts are asked     | short parts are mixed up  | equal_heading_pairs_short_texts
| RETURNED        | likeness | returning parts are asked | other parts come back     | nearly_equal_text_comes_back
| CONTAINED       | share    | split parts become new    | new parts count as split  | part_of_a_text_is_split_off
| TAKEN_IN        | share    | merged text stays unread  | a moved sentence merges   | sentences_of_a_removed_section
| COMPARABLE      | share    | the right one is left out | more candidates are shown | weak_candidate_is_left_out
| ALIKE_PROMPTS   | share    | new prompts are asked     | other prompts are paired  | equal_choices_are_asked_about
| OWN             | share    | short parts are asked     | common lines are mixed up | common_line_does_not_tell_parts
| WORDS_THAT_TELL | words    | short parts are asked     | short parts are mixed up  | equal_text_of_five_words_pairs
| ENOUGH          | features | titles outweigh texts     | few words outweigh titles | equal_heading_pairs_short_texts
| TITLE_BONUS     | likeness | equal titles are paired   | edited parts are asked    | equal_heading_adds_likeness
| OTHER_NUMBER    | share    | other numbers are asked   | renumbered parts are new  | other_number_in_the_heading
| SHORTEST_WORD   | letters  | short words do not count  | small words count twice   | short_words_count_in_pairs
| COMMON          | parts    | near copies take longer   | near copies become new    | common_words_are_not_looked_up
| NEAREST         | parts    | matching takes longer     | the partner is overlooked | common_words_are_not_looked_up
"""

# Likeness of two parts
SURE = 0.5  # from here on they are the same, unless another candidate is nearly as alike
POSSIBLE = 0.25  # from here on they may be the same
FITTING = 0.3  # from here on they are the same between the same neighbours, and are asked about elsewhere
NAMED = 0.9  # from here on they are the same without words that tell: their headings are equal
RETURNED = 0.8  # from here on an archived part comes back without a question, a margin already taken off
MARGIN = 0.1  # the best way to pair has to be better by this than the next one
TITLE_BONUS = 0.1  # added for equal titles

# Shares of a text or of a score
CONTAINED = 0.6  # of a part that was taken from another part, or went into it
TAKEN_IN = 0.08  # of a section that takes sentences of a removed one in, whose readers have to read them
ALIKE_PROMPTS = 0.4  # of the prompts of two questions that are the same, whatever their choices are
COMPARABLE = 0.5  # of the highest likeness, for another candidate to be shown
OWN = 0.25  # of the features of a text that tells a part by itself, each counting 1/n where n parts have it
OTHER_NUMBER = 0.5  # of the likeness of titles and of questions, left where a number or a negation differs

# Sizes
WORDS_THAT_TELL = 5  # of a text that may be recognised by an equal text
ENOUGH = 12  # features with which texts count alone, without their titles
SHORTEST_WORD = 4  # letters of a word that counts by itself, and not only in pairs
COMMON = 20  # parts that may have a word for it to be looked up
NEAREST = 8  # candidates that are compared with a part
