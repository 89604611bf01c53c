/* steps.h - brings the published answers and solutions into one form. */
#ifndef ACCORD_MATH_STEPS_H
#define ACCORD_MATH_STEPS_H

/* Every worked solution ends in this sentence, and the instruction asks for it. */
#define MATH_CLOSING "The answer is \\boxed{%s}."

/* Cuts GSM8K's "#### 18" off `text` in place and removes the calculator notes
 * "<<3*6=18>>".  Returns the answer inside `text`, or NULL if there is none. */
char *math_steps_gsm8k(char *text);

/* "( ( 8.0 - 3.0 ) * 2.0 )" and "10" as "(8 - 3) * 2 = 10.", for the caller to free;
 * NULL when memory is out. */
char *math_steps_equation(const char *equation, const char *answer);

/* A JSON list of sentences as one text, for the caller to free; NULL if it is none. */
char *math_steps_facts(const char *list);

/* The shortest decimal of a finite number that reads back as the same: "51", "0.1".  For
 * the caller to free. */
char *math_number_text(double number);

#endif
